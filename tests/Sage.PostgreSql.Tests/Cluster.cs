using Sage.Tests;

namespace Sage.PostgreSql.Tests;

/// <summary>The one server of this assembly; each fixture has databases of its own in it. It loses nothing that it need not: no test here is of its disk.</summary>
[SetUpFixture]
public sealed class Cluster
{
    internal static PostgresServer Server { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task Start() => Server = await PostgresServer.StartAsync();

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }
}
