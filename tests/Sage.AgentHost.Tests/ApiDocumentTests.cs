using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

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

    [TestCase("/whoami", "get")]
    [TestCase("/signed-echo", "post")]
    public async Task The_example_of_a_signed_request_is_accepted_in_its_minute_and_once(string path, string method)
    {
        FakeTimeProvider clock = new(SignatureExamples.Created.AddSeconds(5));
        await using RunningHost then = await RunningHost.StartAsync(clock, "--Sage:HttpSignatures:PublicOrigin", SignatureExamples.Origin);

        using HttpResponseMessage response = await SendAsync(then);
        using HttpResponseMessage again = await SendAsync(then);
        using HttpResponseMessage today = await SendAsync(host);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await response.Content.ReadAsStringAsync(), method == "post" ? Is.EqualTo(Example()!.ToJsonString()) : Does.Contain("\"subject\":\"did:key:z6Mk"));
        Assert.That((again.StatusCode, today.StatusCode), Is.EqualTo((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized)));

        JsonNode? Example() => document["paths"]![path]![method]!["requestBody"]?["content"]!["application/json"]!["example"];

        async Task<HttpResponseMessage> SendAsync(RunningHost to)
        {
            using HttpRequestMessage request = new(new HttpMethod(method), new Uri(to.Address, path));
            if (Example() is { } body)
            {
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString())) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            }

            foreach (JsonNode? field in document["paths"]![path]![method]!["parameters"]!.AsArray())
            {
                string name = field!["name"]!.GetValue<string>();
                HttpHeaders headers = name.StartsWith("Content-", StringComparison.Ordinal) ? request.Content!.Headers : request.Headers;
                headers.TryAddWithoutValidation(name, field["example"]!.GetValue<string>());
            }

            return await to.Http.SendAsync(request);
        }
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
