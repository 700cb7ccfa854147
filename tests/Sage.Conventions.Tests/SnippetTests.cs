using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sage.Did;

namespace Sage.Conventions.Tests;

/// <summary>What the getting-started page shows works when it is done.</summary>
[TestFixture]
internal sealed class SnippetTests
{
    [Test]
    [CancelAfter(60_000)]
    public async Task The_agents_of_the_getting_started_page_talk(CancellationToken ct)
    {
        string folder = Directory.CreateTempSubdirectory("sage-snippets-").FullName;
        try
        {
            string bob = Directory.CreateDirectory(Path.Combine(folder, "bob")).FullName;
            string alice = Directory.CreateDirectory(Path.Combine(folder, "alice")).FullName;
            AgentDid aliceDid = await ReadmeSnippets.CreateAgentAsync(alice, "https://alice.example/agent", ct);
            AgentDid bobDid = await ReadmeSnippets.CreateAgentAsync(bob, "http://127.0.0.1:1", ct);
            string passphraseFile = Path.Combine(folder, "passphrase");
            await File.WriteAllTextAsync(passphraseFile, "correct horse battery staple", ct);

            WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Sage:Did"] = bobDid.Value,
                ["Sage:KeyStore:Path"] = Path.Combine(bob, "keys.json"),
                ["Sage:KeyStore:PassphraseFile"] = passphraseFile,
            });

            // The page keeps one registry file beside the program; here both agents' records go into one that both sides read.
            InMemoryAgentRegistry known = new(
            [
                (await new FileAgentRegistry(Path.Combine(alice, "agents.json")).GetAsync(aliceDid, ct))!,
                (await new FileAgentRegistry(Path.Combine(bob, "agents.json")).GetAsync(bobDid, ct))!,
            ]);
            builder.Services.AddSingleton<IDidResolver>(known);
            await using WebApplication app = ReadmeSnippets.BuildAnswering(builder, aliceDid);
            await app.StartAsync(ct);

            string text = await ReadmeSnippets.AskWithoutContainerAsync(
                alice, aliceDid, await PublishAsync(alice, bobDid, bob, app.Urls.Single(), ct), "correct horse battery staple"u8.ToArray(), ct);

            Assert.That(text, Is.EqualTo($"to {aliceDid}: you asked \"what is the offer?\""));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Puts bob's record, with the address he really has and so without his proof, into alice's registry file.</summary>
    private static async Task<AgentDid> PublishAsync(string alice, AgentDid bobDid, string bob, string address, CancellationToken ct)
    {
        AgentRecord record = (await new FileAgentRegistry(Path.Combine(bob, "agents.json")).GetAsync(bobDid, ct))! with { Endpoint = address, OwnerProof = null };
        string path = Path.Combine(alice, "agents.json");
        string records = await File.ReadAllTextAsync(path, ct);
        int end = records.LastIndexOf(']');
        await File.WriteAllTextAsync(path, records[..end] + "," + Encoding.UTF8.GetString(record.ToJson()) + records[end..], ct);
        return bobDid;
    }
}
