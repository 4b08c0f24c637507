namespace Webhook.Resources;

/// <summary>
/// What a view remembers, where reviews share views. Several may work it out at once; all must then go on with the one that is kept, since
/// parts of it are told apart by reference.
/// </summary>
internal static class Memo
{
    /// <summary>Keeps a value unless one is kept already, and returns the kept one.</summary>
    public static T Keep<T>(ref T? memo, T value)
        where T : class => Interlocked.CompareExchange(ref memo, value, null) ?? value;
}
