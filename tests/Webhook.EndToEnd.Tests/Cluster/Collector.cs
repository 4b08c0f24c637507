using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Webhook.EndToEnd.Tests.Cluster;

/// <summary>Takes what is sent over OTLP/HTTP.</summary>
internal sealed class Collector : IDisposable
{
    private readonly HttpListener _listener = new();

    /// <summary>Listens.</summary>
    public Collector()
    {
        Address = $"http://127.0.0.1:{ServerProcess.FreePort()}";
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _ = TakeAsync();
    }

    /// <summary>Where.</summary>
    public string Address { get; }

    /// <summary>What came, in turn.</summary>
    public ConcurrentQueue<Received> Requests { get; } = new();

    /// <inheritdoc/>
    public void Dispose() => _listener.Close();

    private async Task TakeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                Requests.Enqueue(new Received(context.Request.Url!.AbsolutePath, context.Request.Headers["x-tenant"], body.ToArray()));
                context.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return; // Closed.
            }
        }
    }

    /// <summary>One request.</summary>
    /// <param name="Path">Its path.</param>
    /// <param name="Tenant">A header of the test's own.</param>
    /// <param name="Body">Its body.</param>
    public sealed record Received(string Path, string? Tenant, byte[] Body)
    {
        /// <summary>Whether the body holds a text.</summary>
        public bool Contains(string text) => Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
    }
}
