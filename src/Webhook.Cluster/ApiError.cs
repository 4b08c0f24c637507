using System.Text.Json;

namespace Webhook.Cluster;

/// <summary>Why a call of the API server gave no answer that can be used.</summary>
public enum ApiErrorKind
{
    /// <summary>No connection, or none that is trusted.</summary>
    Unreachable,

    /// <summary>The connection ended in the middle of an answer.</summary>
    Cut,

    /// <summary>Nothing came for too long; the connection may be half open.</summary>
    TimedOut,

    /// <summary>There are no credentials, or 401: they are not taken.</summary>
    Unauthorized,

    /// <summary>403: the account lacks a right.</summary>
    Forbidden,

    /// <summary>404: the object, or the whole kind, does not exist here.</summary>
    NotFound,

    /// <summary>409: it exists already, or somebody else has changed it since.</summary>
    Conflict,

    /// <summary>410: the resourceVersion or the continue token is too old.</summary>
    Gone,

    /// <summary>429.</summary>
    TooManyRequests,

    /// <summary>5xx.</summary>
    ServerError,

    /// <summary>Any other status code.</summary>
    Rejected,

    /// <summary>The answer is no JSON of the expected shape.</summary>
    Malformed,
}

/// <summary>An error of a call, as a value.</summary>
/// <param name="Kind">What went wrong.</param>
/// <param name="Message">What went wrong, with the call, for a log line. Holds no credential and nothing of an object.</param>
/// <param name="RetryAfter">How long the server asks to wait, or null.</param>
public sealed record ApiError(ApiErrorKind Kind, string Message, TimeSpan? RetryAfter = null)
{
    /// <summary>The kind in the words of a metric label.</summary>
    public string Label => Kind switch
    {
        ApiErrorKind.Unreachable => "unreachable",
        ApiErrorKind.Cut => "cut",
        ApiErrorKind.TimedOut => "timeout",
        ApiErrorKind.Unauthorized => "unauthorized",
        ApiErrorKind.Forbidden => "forbidden",
        ApiErrorKind.NotFound => "not_found",
        ApiErrorKind.Conflict => "conflict",
        ApiErrorKind.Gone => "gone",
        ApiErrorKind.TooManyRequests => "too_many_requests",
        ApiErrorKind.ServerError => "server_error",
        ApiErrorKind.Malformed => "malformed",
        _ => "rejected",
    };

    /// <summary>The error that a Status of the API server tells, by its code.</summary>
    internal static ApiError OfStatus(int code, string call, TimeSpan? retryAfter) => code switch
    {
        401 => new ApiError(ApiErrorKind.Unauthorized, $"{call}: 401, the credentials are not taken"),
        403 => new ApiError(ApiErrorKind.Forbidden, $"{call}: 403, the account has no right to"),
        404 => new ApiError(ApiErrorKind.NotFound, $"{call}: 404, not found"),
        409 => new ApiError(ApiErrorKind.Conflict, $"{call}: 409, it exists, or was changed by somebody else"),
        410 => new ApiError(ApiErrorKind.Gone, $"{call}: 410, the version is too old"),
        429 => new ApiError(ApiErrorKind.TooManyRequests, $"{call}: 429, too many requests", retryAfter),
        >= 500 => new ApiError(ApiErrorKind.ServerError, $"{call}: {code}", retryAfter),
        _ => new ApiError(ApiErrorKind.Rejected, $"{call}: {code}", retryAfter),
    };

    /// <summary>Runs something that reads an answer, and makes errors of what reading throws.</summary>
    internal static async Task<ApiResult<T>> GuardAsync<T>(string call, Func<Task<ApiResult<T>>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is not Unicode.
            return new ApiError(ApiErrorKind.Malformed, $"{call}: the answer cannot be read");
        }
        catch (TimeoutException exception)
        {
            return new ApiError(ApiErrorKind.TimedOut, $"{call}: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or HttpRequestException)
        {
            return new ApiError(ApiErrorKind.Cut, $"{call}: the connection ended within the answer");
        }
    }
}

/// <summary>What a call gave: a value or an error, never both.</summary>
/// <typeparam name="T">The value.</typeparam>
public readonly struct ApiResult<T>
{
    private ApiResult(T? value, ApiError? error)
    {
        Value = value;
        Error = error;
    }

    /// <summary>The value; the default where there is an error.</summary>
    public T? Value { get; }

    /// <summary>The error, or null.</summary>
    public ApiError? Error { get; }

    /// <summary>A value.</summary>
    public static implicit operator ApiResult<T>(T value) => new(value, null);

    /// <summary>An error.</summary>
    public static implicit operator ApiResult<T>(ApiError error) => new(default, error);
}
