using Sage.Tests;

namespace Sage.Redis.Tests;

/// <summary>A password given in a configuration is in no exception and no log.</summary>
[TestFixture]
internal sealed class SecretTests
{
    private const string Password = "correct-horse-battery";

    [TestCase("127.0.0.1:1,passwrd=" + Password)]
    [TestCase("127.0.0.1:1,ssl=" + Password)]
    [TestCase("password=" + Password)]
    public void A_configuration_that_cannot_be_read_is_not_repeated(string configuration)
    {
        ArgumentException? refused = Assert.Throws<ArgumentException>(() => RedisNonceStore.Create(configuration));
        Assert.That(refused!.ToString(), Does.Not.Contain(Password));
    }

    [Test]
    public async Task A_password_that_the_server_refuses_is_not_repeated()
    {
        await using RedisServer server = await RedisServer.StartAsync("--requirepass", "another-one-entirely");
        ListLogger logger = new();
        await using RedisNonceStore store = RedisNonceStore.Create(server.Configuration + ",password=" + Password, logger: logger);

        IOException? failure = Assert.ThrowsAsync<IOException>(async () => await store.TryConsumeAsync("scope", "nonce", DateTimeOffset.MaxValue));

        Assert.That(failure!.ToString(), Does.Not.Contain(Password));
        Assert.That(logger.Entries.Select(entry => entry.Text), Has.None.Contains(Password));
    }
}
