using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;

namespace Sage.Cli.Tests;

/// <summary>Two agents that share nothing but the registry file talk. That they can be two processes is shown by <see cref="TwoProcessTests"/>.</summary>
[TestFixture]
internal sealed class ConversationTests : AgentFixture
{
    // A session ends with its thousandth message, which is the five hundredth reply.
    private const int MoreThanASessionHolds = 510;

    [Test]
    public async Task More_echoes_than_a_session_holds_come_back([Values("ed25519", "secp256k1")] string signing, [Values] bool cookie)
    {
        string bob = await CreateDidAsync("bob", "http://127.0.0.1:1/agent", "--signing", signing);
        await CreateDidAsync("alice", more: ["--signing", signing]);
        await using RunningCommand server = RunningCommand.Start([.. ServeArguments("bob", "--port", "0"), .. cookie ? new[] { "--require-cookie" } : []]);
        string address = await server.ReadAddressAsync();

        CliResult sent = await Command.RunAsync(
            SendArguments("alice", bob, "--url", address, "--message", "hello", "--count", MoreThanASessionHolds.ToString(CultureInfo.InvariantCulture)));

        Assert.That(sent.ExitCode, Is.Zero, sent.Error);
        Assert.That(sent.Lines, Is.EqualTo(Enumerable.Range(1, MoreThanASessionHolds).Select(i => $"echo:hello #{i}")));
        Assert.That(await server.StopAsync(), Is.Zero, server.Error);
    }

    [Test]
    public async Task The_endpoint_of_the_record_is_called_with_its_path()
    {
        int port = FreePort();
        string bob = await CreateDidAsync("bob", $"http://127.0.0.1:{port}/agents/the%20b%7Bo%7Db/");
        await CreateDidAsync("alice");
        await using RunningCommand server = RunningCommand.Start(ServeArguments("bob", "--port", port.ToString(CultureInfo.InvariantCulture)));
        string address = await server.ReadAddressAsync();

        CliResult byRecord = await Command.RunAsync(SendArguments("alice", bob, "--message", "hello"));
        CliResult byUrl = await Command.RunAsync(SendArguments("alice", bob, "--message", "hello", "--url", address + "/agents/the%20b%7Bo%7Db"));
        CliResult elsewhere = await Command.RunAsync(SendArguments("alice", bob, "--message", "hello", "--url", address + "/nowhere"));

        Assert.That(byRecord.Text, Is.EqualTo("echo:hello\n"), byRecord.Error);
        Assert.That(byUrl.Text, Is.EqualTo("echo:hello\n"), byUrl.Error);
        Command.AssertFails(elsewhere, 1, "404");
    }

    [Test]
    public async Task Files_and_standard_input_come_back_byte_for_byte()
    {
        string bob = await CreateDidAsync("bob");
        await CreateDidAsync("alice");
        byte[] content = [.. Enumerable.Range(0, 600 * 1024).Select(i => (byte)(i * 7))];
        await File.WriteAllBytesAsync(Folder["content"], content);
        byte[] expected = [.. "echo:"u8, .. content];
        await using RunningCommand server = RunningCommand.Start(ServeArguments("bob", "--port", "0"));
        string address = await server.ReadAddressAsync();

        CliResult file = await Command.RunAsync(SendArguments("alice", bob, "--url", address, "--file", Folder["content"]));
        CliResult dash = await Command.RunAsync(content, SendArguments("alice", bob, "--url", address, "-"));
        CliResult json = await Command.RunAsync(content, SendArguments("alice", bob, "--url", address, "--json", "-"));
        CliResult many = await Command.RunAsync("x"u8.ToArray(), SendArguments("alice", bob, "--url", address, "-", "--count", "2"));
        CliResult empty = await Command.RunAsync(SendArguments("alice", bob, "--url", address, "--message", ""));

        using (Assert.EnterMultipleScope())
        {
            Command.AssertOutput(file, expected);
            Command.AssertOutput(dash, expected);
            Assert.That(json.Json.GetProperty("reply_base64").GetBytesFromBase64().AsSpan().SequenceEqual(expected), Is.True);
            Assert.That(json.Json.GetProperty("reply").ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null), "these bytes are no text");
            Assert.That(many.Text, Is.EqualTo("echo:x #1\necho:x #2\n"));
            Assert.That(empty.Text, Is.EqualTo("echo:\n"), empty.Error);
        }
    }

    [Test]
    public async Task Replies_are_printed_as_json_one_a_line()
    {
        string bob = await CreateDidAsync("bob");
        await CreateDidAsync("alice");
        await using RunningCommand server = RunningCommand.Start(ServeArguments("bob", "--port", "0"));

        CliResult sent = await Command.RunAsync(
            SendArguments("alice", bob, "--url", await server.ReadAddressAsync(), "--message", "häh \"x\"", "--count", "2", "--json"));

        Assert.That(sent.Lines, Is.EqualTo(new[]
        {
            $$"""{"number":1,"from":"{{bob}}","reply":"echo:häh \"x\" #1","reply_base64":"{{Base64("echo:häh \"x\" #1")}}"}""",
            $$"""{"number":2,"from":"{{bob}}","reply":"echo:häh \"x\" #2","reply_base64":"{{Base64("echo:häh \"x\" #2")}}"}""",
        }));
    }

    [Test]
    public async Task Only_those_on_the_list_are_answered()
    {
        string bob = await CreateDidAsync("bob");
        string alice = await CreateDidAsync("alice");
        await CreateDidAsync("mallory");
        await using RunningCommand server = RunningCommand.Start(ServeArguments("bob", "--port", "0", "--accept", alice));
        string address = await server.ReadAddressAsync();

        CliResult friend = await Command.RunAsync(SendArguments("alice", bob, "--url", address, "--message", "hello"));
        CliResult stranger = await Command.RunAsync(SendArguments("mallory", bob, "--url", address, "--message", "hello"));

        Assert.That(friend.Text, Is.EqualTo("echo:hello\n"), friend.Error);
        Command.AssertFails(stranger, 1, "refused");
        Assert.That(stranger.Output, Is.Empty);
    }

    [Test]
    public async Task The_answer_of_another_agent_is_not_taken_for_the_peers()
    {
        string bob = await CreateDidAsync("bob");
        await CreateDidAsync("alice");
        await CreateDidAsync("mallory");
        await using RunningCommand mallory = RunningCommand.Start(ServeArguments("mallory", "--port", "0"));

        CliResult sent = await Command.RunAsync(SendArguments("alice", bob, "--url", await mallory.ReadAddressAsync(), "--message", "hello"));

        Command.AssertFails(sent, 1);
        Assert.That(sent.Output, Is.Empty);
    }

    [Test]
    public async Task A_port_that_is_taken_is_an_io_error()
    {
        await CreateDidAsync("bob");
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        string port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        Command.AssertFails(await Command.RunAsync(ServeArguments("bob", "--port", port)), 3, port);
    }

    [Test]
    public async Task A_peer_that_is_not_there_is_an_io_error()
    {
        string bob = await CreateDidAsync("bob", $"http://127.0.0.1:{FreePort()}");
        await CreateDidAsync("alice");

        Command.AssertFails(await Command.RunAsync(SendArguments("alice", bob, "--message", "hello")), 3);
    }

    [Test]
    public async Task A_server_answers_nonsense_and_stays_up()
    {
        string bob = await CreateDidAsync("bob");
        await CreateDidAsync("alice");
        await using RunningCommand server = RunningCommand.Start(ServeArguments("bob", "--port", "0"));
        string address = await server.ReadAddressAsync();
        using HttpClient http = new();

        using HttpResponseMessage nonsense = await http.PostAsJsonAsync(address + "/messages", new { id = 7 });
        using HttpResponseMessage get = await http.GetAsync(address + "/messages");
        CliResult sent = await Command.RunAsync(SendArguments("alice", bob, "--url", address, "--message", "hello"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(nonsense.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(await nonsense.Content.ReadAsStringAsync(), Does.Contain("\"success\":false"));
            Assert.That(get.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
            Assert.That(sent.Text, Is.EqualTo("echo:hello\n"));
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
