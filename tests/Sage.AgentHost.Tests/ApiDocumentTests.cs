using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Sage.AgentHost.Tests;

/// <summary>The description of the API, held against what the host does.</summary>
internal sealed class ApiDocumentTests
{
    private RunningHost host = null!;
    private JsonObject document = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        host = await RunningHost.StartAsync();
        document = JsonNode.Parse(await host.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!.AsObject();
    }

    [OneTimeTearDown]
    public async Task Stop() => await host.DisposeAsync();

    [Test]
    public void The_document_is_OpenAPI_3_1_and_describes_every_endpoint()
    {
        Assert.That(document["openapi"]!.GetValue<string>(), Does.StartWith("3.1"));
        Assert.That(
            document["paths"]!.AsObject().Select(path => path.Key),
            Is.SupersetOf(new[] { "/agents", "/agents/{did}", "/messages", "/whoami", "/signed-echo", "/health/live", "/health/ready" }));
        foreach ((string path, JsonObject operation) in Operations())
        {
            Assert.That(operation["summary"]?.GetValue<string>(), Is.Not.Empty, path);
        }
    }

    [TestCase("/whoami", "get")]
    [TestCase("/signed-echo", "post")]
    public void Operations_that_want_a_signature_say_so(string path, string method)
    {
        JsonNode operation = document["paths"]![path]![method]!;

        Assert.That(operation["security"]?.ToJsonString(), Does.Contain(ApiDescription.SignatureScheme));
        Assert.That(document["components"]!["securitySchemes"]![ApiDescription.SignatureScheme]!["description"]!.GetValue<string>(), Does.Contain("RFC 9421"));
    }

    [Test]
    public async Task The_example_of_a_DID_resolves()
    {
        string did = document["paths"]!["/agents/{did}"]!["get"]!["parameters"]![0]!["example"]!.GetValue<string>();

        using HttpResponseMessage response = await host.Http.GetAsync(new Uri($"/agents/{did}", UriKind.Relative));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task The_example_of_an_envelope_is_answered_as_an_envelope()
    {
        JsonNode example = document["paths"]!["/messages"]!["post"]!["requestBody"]!["content"]!["application/json"]!["example"]!;
        using StringContent content = new(example.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

        using HttpResponseMessage response = await host.Http.PostAsync(new Uri("/messages", UriKind.Relative), content);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        JsonNode answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.That(answer["success"]!.GetValue<bool>(), Is.False);
        Assert.That(answer["error"]!.GetValue<string>(), Is.EqualTo("authentication failed"));
    }

    [Test]
    public async Task The_page_and_what_it_needs_come_from_this_host()
    {
        string page = await host.Http.GetStringAsync(new Uri("/docs/", UriKind.Relative));

        Assert.That(page, Does.Contain("Sage agent"));
        Assert.That(page, Does.Not.Match("(src|href)=[\"']?(https?:)?//"), "Nothing is fetched from elsewhere.");
    }

    [Test]
    public async Task Without_the_feature_there_is_neither_document_nor_page()
    {
        await using RunningHost silent = await RunningHost.StartAsync("--Sage:Features:ApiDocs", "false");

        foreach (string path in new[] { "/openapi/v1.json", "/docs/" })
        {
            using HttpResponseMessage response = await silent.Http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), path);
        }
    }

    private IEnumerable<(string Path, JsonObject Operation)> Operations() =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select ($"{operation.Key} {path.Key}", operation.Value!.AsObject());
}
