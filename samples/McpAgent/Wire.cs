using System.Net.Http.Headers;

namespace McpAgent;

/// <summary>A wire somebody listens to, who sends the last request again without having the key.</summary>
internal sealed class Wire() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
{
    private HttpRequestMessage? last;
    private byte[] body = [];

    public async Task<HttpResponseMessage> RepeatAsync(HttpClient attacker)
    {
        using HttpRequestMessage copy = new(last!.Method, last.RequestUri) { Content = new ByteArrayContent(body) };
        Copy(last.Headers, copy.Headers);
        Copy(last.Content!.Headers, copy.Content.Headers);
        return await attacker.SendAsync(copy);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        last = request;
        body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        return await base.SendAsync(request, cancellationToken);
    }

    private static void Copy(HttpHeaders from, HttpHeaders to)
    {
        foreach ((string name, HeaderStringValues values) in from.NonValidated)
        {
            to.TryAddWithoutValidation(name, values);
        }
    }
}
