using System.Net.Http.Headers;
using System.Text;
using Sage.HttpSignatures;

namespace SignedClient;

/// <summary>A request that somebody on the way has recorded, and sends again without having the key.</summary>
internal sealed class Recording
{
    private static readonly HttpClient Attacker = new();

    private readonly HttpRequestMessage sent;
    private readonly byte[] body;

    private Recording(HttpRequestMessage sent, byte[] body) => (this.sent, this.body) = (sent, body);

    public static async Task<Recording> OfAsync(HttpRequestMessage sent) => new(sent, await sent.Content!.ReadAsByteArrayAsync());

    public Task<HttpResponseMessage> RepeatAsync() => Attacker.SendAsync(Copy(body));

    public Task<HttpResponseMessage> ChangeAsync(string from, string to, bool fixDigest)
    {
        byte[] changed = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace(from, to, StringComparison.Ordinal));
        HttpRequestMessage copy = Copy(changed);
        if (fixDigest)
        {
            HttpContentHeaders headers = copy.Content!.Headers;
            headers.Remove(ContentDigest.FieldName);
            headers.Add(ContentDigest.FieldName, ContentDigest.Compute(changed));
        }

        return Attacker.SendAsync(copy);
    }

    public Task<HttpResponseMessage> StripAsync()
    {
        HttpRequestMessage copy = Copy(body);
        copy.Headers.Remove(SignatureFields.InputName);
        copy.Headers.Remove(SignatureFields.SignatureName);
        return Attacker.SendAsync(copy);
    }

    private HttpRequestMessage Copy(byte[] content)
    {
        HttpRequestMessage copy = new(sent.Method, sent.RequestUri) { Content = new ByteArrayContent(content) };
        Copy(sent.Headers, copy.Headers);
        Copy(sent.Content!.Headers, copy.Content.Headers);
        copy.Content.Headers.ContentLength = content.Length;
        return copy;
    }

    private static void Copy(HttpHeaders from, HttpHeaders to)
    {
        foreach ((string name, HeaderStringValues values) in from.NonValidated)
        {
            to.TryAddWithoutValidation(name, values);
        }
    }
}
