using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sage.AgentHost.Tests;

/// <summary>The page of the API in a real browser.</summary>
internal sealed class DocsPageTests
{
    [Test]
    public async Task The_page_shows_every_operation_and_asks_nobody_else()
    {
        await using RunningHost host = await RunningHost.StartAsync();

        (string dom, string[] console) = await Browser.OpenAsync(new Uri(host.Address, "/docs/"));

        string[] headings = ["Sage agent", "Looks an agent up by its DID.", "Registers an agent, or writes the next version of its record.", "Signed HTTP", "Sessions", "Health", "assertionMethod"];
        Assert.That(headings.Where(heading => !dom.Contains(heading, StringComparison.Ordinal)), Is.Empty);

        // Its script says its version; whatever the browser refuses or cannot load would stand here too.
        Assert.That(console, Is.All.Contains("@scalar/api-reference@"));
        Assert.That(new[] { "Ask AI", "Generate SDK" }.Where(offer => dom.Contains(offer, StringComparison.Ordinal)), Is.Empty, "what would send the document elsewhere");
    }

    [TestCase("<script src='https://elsewhere.example/a.js'></script>", "elsewhere.example", Description = "refused by the policy")]
    [TestCase("<script nonce=n>fetch('https://elsewhere.example/b')</script>", "elsewhere.example", Description = "refused by the policy")]
    [TestCase("<script nonce=n>nothing()</script>", "nothing is not defined", Description = "a script that fails")]
    public async Task What_a_page_should_not_do_is_on_the_console(string content, string said)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication application = builder.Build();
        application.MapGet("/", (HttpContext context) =>
        {
            context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; script-src 'self' 'nonce-n'";
            return Results.Text($"<!doctype html><title>x</title>{content}", "text/html");
        });
        await application.StartAsync();

        (_, string[] console) = await Browser.OpenAsync(new Uri(application.Urls.Single()));

        Assert.That(console, Has.Some.Contains(said));
    }
}
