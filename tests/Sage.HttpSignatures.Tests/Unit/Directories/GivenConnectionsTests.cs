using System.Net.Http.Headers;
using Sage.Crypto;

namespace Sage.HttpSignatures.Tests.Unit.Directories;

/// <summary>A client over connections that it did not make.</summary>
[TestFixture]
internal sealed class GivenConnectionsTests
{
    [TestCase("https://bot.example/.well-known/http-message-signatures-directory", KeyDirectoryStatus.Found)]
    [TestCase("https://bot.example/elsewhere", KeyDirectoryStatus.Invalid)]
    [TestCase("https://other.example/.well-known/http-message-signatures-directory", KeyDirectoryStatus.Invalid)]
    public async Task An_answer_from_another_url_than_the_one_asked_is_invalid(string answered, KeyDirectoryStatus expected)
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using Redirected handler = new(new Uri(answered), new KeyDirectory([new DirectoryKey(key.PublicKey)]));
        using HttpMessageInvoker connections = new(handler);
        using KeyDirectoryClient client = new(connections, null, null, null);
        Assert.That(SignatureAgent.TryParse(["a=\"https://bot.example\""], out IReadOnlyList<SignatureAgent> agents));

        Assert.That((await client.FindKeyAsync(agents.Single(), key.PublicKey.Thumbprint)).Status, Is.EqualTo(expected));
    }

    /// <summary>Answers as a handler does that has followed a redirect.</summary>
    private sealed class Redirected(Uri answered, KeyDirectory directory) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            ByteArrayContent content = new(directory.ToJson());
            content.Headers.ContentType = new MediaTypeHeaderValue(KeyDirectory.MediaType);
            return Task.FromResult(new HttpResponseMessage { Content = content, RequestMessage = new HttpRequestMessage(HttpMethod.Get, answered) });
        }
    }
}
