using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Webhook.Admission;

namespace Webhook.Tests.Hosting;

/// <summary>Hostile and broken callers of a real server: a clear answer or a closed connection, and the next request is served.</summary>
public sealed class BadInputTests(BadInputTests.SharedServer shared) : IClassFixture<BadInputTests.SharedServer>, IAsyncLifetime
{
    private readonly RunningServer _server = shared.Running;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Unreadable => new()
    {
        { "", "the body is no JSON: empty (line 1, column 1)" },
        { "   ", "the body is no JSON: empty (line 1, column 4)" },
        { "nonsense", "the body is no JSON: a bare word that is no JSON value (line 1, column 2)" },
        { "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"Admi", "the body is no JSON: a string is not closed (line 1, column " },
        { Review(request: null)[..^1], "the body is no JSON: the text ends too early (line 1, column " },
        { Review(request: null) + "{}", "the body is no JSON: more text follows the value (line 1, column " },
        { "[]", "the body is no JSON object" },
        { "null", "the body is no JSON object" },
        { "{}", "kind: must be \"AdmissionReview\", is absent" },
        { "{\"kind\":\"List\"}", "kind: must be \"AdmissionReview\", is \"List\"" },
        { "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1beta1\"}", "apiVersion: must be \"admission.k8s.io/v1\", is \"admission.k8s.io/v1beta1\"" },
        { "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\"}", "request: must be an object, is absent" },
        { Review(request: null), "request: must be an object, is null" },
        { Review("[]"), "request: must be an object, is a list of 0" },
        { Review("{}"), "request.uid: must be a string of 1 to 256 characters" },
        { Review("{\"uid\":7}"), "request.uid: must be a string of 1 to 256 characters" },
        { Review("{\"uid\":\"" + new string('u', 257) + "\"}"), "request.uid: must be a string of 1 to 256 characters" },
        { Review("{\"uid\":\"\\ud800\"}"), "the body is not valid UTF-8" },
        { Review("{\"uid\":\"1\",\"object\":" + new string('[', 10_000) + new string(']', 10_000) + "}"), "the body is no JSON: nested deeper than 256 levels" },
        { string.Concat(Enumerable.Repeat("{\"a\":", 10_000)), "the body is no JSON: nested deeper than 256 levels" },
    };

    public static TheoryData<string, string> Malformed => new()
    {
        { "null", "request.object: must be an object, is null" },
        { "\"text\"", "request.object: must be an object, is text" },
        { "[1]", "request.object: must be an object, is a list of 1" },
        { "{}", "request.object: must be a VirtualMachine of kubevirt.io, is absent of absent" },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task A_body_that_is_no_review_is_answered_with_400_and_why(string body, string reason)
    {
        using HttpResponseMessage response = await PostAsync(Encoding.UTF8.GetBytes(body));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith(reason, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_answered_with_400()
    {
        byte[] body = Encoding.UTF8.GetBytes(Review("{\"uid\":\"??\"}"));
        body[Array.IndexOf(body, (byte)'?')] = 0xFF;
        using HttpResponseMessage response = await PostAsync(body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("the body is not valid UTF-8\n", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task An_object_of_the_wrong_shape_is_denied_under_its_uid(string @object, string reason)
    {
        JsonNode answer = (await _server.ReviewAsync(Machine(@object)))["response"]!;
        Assert.Equal("u-1", (string?)answer["uid"]);
        Assert.False((bool)answer["allowed"]!);
        Assert.Equal(400, (int)answer["status"]!["code"]!);
        Assert.Equal(reason, (string?)answer["status"]!["message"]);
    }

    [Theory]
    [InlineData("\"spec\":7")]
    [InlineData("\"spec\":{\"template\":{\"spec\":{\"networks\":{\"a\":1},\"volumes\":\"x\",\"domain\":[]}}}")]
    [InlineData("\"spec\":{\"template\":{\"spec\":{\"networks\":[null,7,[]],\"volumes\":[null,{\"cloudInitNoCloud\":7}]}}}")]
    public async Task A_spec_of_the_wrong_shape_is_judged_without_an_exception(string spec)
    {
        JsonNode answer = await _server.ReviewAsync(ClusterMachine(spec));
        Assert.Null(answer["response"]!["auditAnnotations"]!["failed"]);
    }

    [Fact]
    public async Task Aliases_that_explode_cost_little_time()
    {
        string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\\n"
            + string.Concat(Enumerable.Range(1, 12).Select(static i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\\n"));
        long start = Stopwatch.GetTimestamp();
        string volume = $"{{\"name\":\"ci\",\"cloudInitNoCloud\":{{\"networkData\":\"{bomb}\"}}}}";
        JsonNode answer = await _server.ReviewAsync(ClusterMachine(
            """
            "spec":{"template":{"spec":{"domain":{"devices":{"interfaces":[{"name":"llt1","bridge":{}}]}},
            "networks":[{"name":"llt1","multus":{"networkName":"llt1"}}],"volumes":[VOLUME]}}}
            """.Replace("VOLUME", volume, StringComparison.Ordinal)));
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 5);
        Assert.Equal("u-1", (string?)answer["response"]!["uid"]);
        Assert.Null(answer["response"]!["auditAnnotations"]!["failed"]);
    }

    [Fact]
    public async Task A_body_above_the_limit_is_refused_before_it_is_read()
    {
        await IsRefusedAndClosedAsync(
            "413 Payload Too Large", "the body may have 8388608 bytes", _server,
            $"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {12 * 1024 * 1024}\r\n\r\n{{");
    }

    [Fact]
    public async Task A_body_above_the_limit_without_a_length_is_cut_off()
    {
        using var content = new StreamContent(new MemoryStream(new byte[12 * 1024 * 1024]));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/validate") { Content = content };
        request.Headers.TransferEncodingChunked = true;
        try
        {
            using HttpResponseMessage response = await _server.Client.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        }
        catch (HttpRequestException exception)
        {
            Assert.IsType<IOException>(exception.InnerException, exactMatch: false); // The server closed while the client was still sending.
        }
    }

    [Fact]
    public async Task A_large_body_within_the_limit_is_read()
    {
        string filler = new('x', AdmissionEndpoint.MaxBodyBytes - 1000);
        JsonNode answer = await _server.ReviewAsync(Machine($$"""{"filler":"{{filler}}"}"""));
        Assert.Equal(400, (int)answer["response"]!["status"]!["code"]!);
    }

    // The room for a body is 32 KiB at first, then 64, 128 and so on.
    [Theory]
    [InlineData(32 * 1024)]
    [InlineData((32 * 1024) - 1)]
    [InlineData((32 * 1024) + 1)]
    [InlineData(64 * 1024)]
    [InlineData((64 * 1024) + 1)]
    [InlineData(200_000)]
    public async Task A_body_of_any_length_is_read_to_its_last_byte_however_it_comes(int length)
    {
        // Letters of three bytes, so that a piece that is lost or comes twice leaves no text.
        int room = length - Machine("{\"filler\":\"\"}").Length;
        string filler = new string('€', room / 3) + new string('x', room % 3);
        byte[] body = Encoding.UTF8.GetBytes(Machine($"{{\"filler\":\"{filler}\"}}"));
        Assert.Equal(length, body.Length);
        foreach (bool isChunked in new[] { false, true })
        {
            using var content = new PiecesContent(body, isChunked);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/validate") { Content = content };
            request.Headers.TransferEncodingChunked = isChunked;
            using HttpResponseMessage response = await _server.Client.SendAsync(request, Cancellation);
            string answer = await response.Content.ReadAsStringAsync(Cancellation);
            Assert.Contains("\"message\":\"request.object: must be a VirtualMachine of kubevirt.io, is absent of absent\"", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public Task A_body_that_does_not_come_is_given_up_at_the_deadline() =>
        IsRefusedAndClosedAsync(
            "408 Request Timeout", "the body did not arrive within 0.075 s", _server,
            "POST /validate?timeout=100ms HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");

    [Fact]
    public async Task A_body_that_trickles_is_given_up_long_before_the_deadline()
    {
        // The rate of the product is 240 bytes a second after 5 seconds; the test cannot wait for that.
        await using RunningServer strict = await RunningServer.StartAsync(
            configure: static limits => limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(1.1)));
        await IsRefusedAndClosedAsync(
            "408 Request Timeout", "the body came too slowly", strict,
            "POST /validate?timeout=30s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
    }

    [Theory]
    [InlineData("POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"api")]
    [InlineData("POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"api")]
    [InlineData("POST /validate HT")]
    public async Task A_client_that_goes_away_harms_nobody(string sent)
    {
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, _server.Server.Address.Port, Cancellation);
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(sent), Cancellation);
            socket.LingerState = new LingerOption(true, 0);
        }

        Assert.Equal("ok\n", await _server.Client.GetStringAsync("/livez", Cancellation));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/vnd.kubernetes.protobuf")]
    [InlineData("application/jsonp")]
    [InlineData(null)]
    public async Task A_body_of_another_content_type_is_refused(string? type)
    {
        using HttpRequestMessage request = RunningServer.Request("{}");
        request.Content!.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        using HttpResponseMessage response = await _server.Client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/validate", "POST")]
    [InlineData("PUT", "/validate", "POST")]
    [InlineData("POST", "/metrics", "GET, HEAD")]
    public async Task Another_method_is_refused_with_the_right_one(string method, string path, string allowed)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using HttpResponseMessage response = await _server.Client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow));
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    // Whatever a test did: the next request is served.
    public async ValueTask DisposeAsync()
    {
        JsonNode answer = await _server.ReviewAsync(Machine("""{"apiVersion":"kubevirt.io/v1","kind":"VirtualMachine","metadata":{"name":"a"}}"""));
        Assert.True((bool)answer["response"]!["allowed"]!);
    }

    private static string Review(string? request) =>
        $"{{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":{request ?? "null"}}}";

    private static string Machine(string @object) => Review(
        $"{{\"uid\":\"u-1\",\"operation\":\"CREATE\",\"kind\":{{\"group\":\"kubevirt.io\",\"version\":\"v1\",\"kind\":\"VirtualMachine\"}},\"object\":{@object}}}");

    private static string ClusterMachine(string spec) => Machine(
        """
        {"apiVersion":"kubevirt.io/v1","kind":"VirtualMachine","metadata":{"name":"a","namespace":"b","labels":{"infoscale.internal/cluster":"erp"}},SPEC}
        """.Replace("SPEC", spec, StringComparison.Ordinal));

    private async Task<HttpResponseMessage> PostAsync(byte[] body)
    {
        using ByteArrayContent content = RunningServer.Json(body);
        return await _server.Client.PostAsync(new Uri("/validate", UriKind.Relative), content, Cancellation);
    }

    // A client that is not told would send its next request into a connection that closes. The server reads on for a few seconds first.
    private static async Task IsRefusedAndClosedAsync(string status, string why, RunningServer server, string text)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Server.Address.Port, Cancellation);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), Cancellation);
        using var reader = new StreamReader(socket.GetStream());
        var answer = new StringBuilder();
        string? line;
        do
        {
            line = await reader.ReadLineAsync(Cancellation);
            answer.Append(line).Append('\n');
        }
        while (line is not null && line != why);
        Assert.StartsWith($"HTTP/1.1 {status}\n", answer.ToString(), StringComparison.Ordinal);
        Assert.Contains("\nConnection: close\n", answer.ToString(), StringComparison.Ordinal);
        Assert.EndsWith($"\n\n{why}\n", answer.ToString(), StringComparison.Ordinal);

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            Assert.Empty(await reader.ReadToEndAsync(patience.Token));
        }
        catch (IOException)
        {
            // Closed by a reset, as the rest of the body never came.
        }
    }

    /// <summary>One server for all: what a test does to it is what the next one must survive.</summary>
    public sealed class SharedServer : IAsyncLifetime
    {
        internal RunningServer Running { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Running = await RunningServer.StartAsync();

        public ValueTask DisposeAsync() => Running.DisposeAsync();
    }

    // A byte, then the rest in pieces: the server waits in between.
    private sealed class PiecesContent : HttpContent
    {
        private readonly byte[] _body;
        private readonly bool _isChunked;

        public PiecesContent(byte[] body, bool isChunked)
        {
            _body = body;
            _isChunked = isChunked;
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (int at = 0, piece = 1; at < _body.Length; at += piece, piece = Math.Min(10_007, _body.Length - at))
            {
                await stream.WriteAsync(_body.AsMemory(at, piece));
                await stream.FlushAsync();
                await Task.Yield();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Length;
            return !_isChunked;
        }
    }
}
