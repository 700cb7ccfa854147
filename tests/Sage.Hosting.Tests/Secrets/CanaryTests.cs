using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Sage.Hosting.Tests.Support;
using Sage.Session.Tests.Endpoints;

namespace Sage.Hosting.Tests.Secrets;

/// <summary>Whatever an operator writes where, it is repeated nowhere: no message, no log line, no text of an exception.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class CanaryTests
{
    private const string Canary = "canary-8472";

    // Names that are no values: what follows them is what must not appear.
    private static readonly string[] Forms = [Canary, "Host=db;Password=" + Canary, "https://user:" + Canary + "@host.example", "file:" + Canary];

    private static IEnumerable<TestCaseData> Cases =>
        from key in KnownKeys.All
        from form in Forms
        where !(form.StartsWith("file:", StringComparison.Ordinal) && key.IsSecret)
        select new TestCaseData("Sage:" + key.Path.Replace("*", "0", StringComparison.Ordinal), form);

    [TestCaseSource(nameof(Cases))]
    public async Task No_value_is_repeated(string key, string value)
    {
        Dictionary<string, string?> settings = Identity.Settings;
        settings[key] = value;

        Assert.That(await OutputAsync(settings), Does.Not.Contain(Canary));
    }

    [Test]
    public async Task The_value_of_an_unknown_key_is_not_repeated()
    {
        Dictionary<string, string?> settings = Identity.Settings;
        settings["Sage:Store:ConectionString"] = Canary;

        Assert.That(await OutputAsync(settings), Does.Contain("Sage:Store:ConectionString").And.Not.Contain(Canary));
    }

    [TestCase("canary-8472, no connection string")]
    [TestCase("Host=127.0.0.1;Port=1;Username=u;Password=canary-8472;Database=d;Timeout=1")]
    public async Task A_connection_string_is_not_repeated_when_it_is_wrong(string secret)
    {
        Dictionary<string, string?> settings = Identity.Settings;
        settings["Sage:Store:Kind"] = "PostgreSql";
        settings["Sage:Store:ConnectionString"] = "file:" + Identity.Write("canary", System.Text.Encoding.UTF8.GetBytes(secret));

        string output = await OutputAsync(settings);

        Assert.That(output, Has.Length.GreaterThan(0).And.Not.Contain(Canary));
    }

    [TestCase("canary-8472,no=option=of,redis=canary-8472")]
    [TestCase("127.0.0.1:1,password=canary-8472,connectTimeout=100")]
    public async Task The_configuration_of_redis_is_not_repeated_when_it_is_wrong(string secret)
    {
        Dictionary<string, string?> settings = Identity.Settings;
        settings["Sage:Nonces:Kind"] = "Redis";
        settings["Sage:Nonces:ConnectionString"] = "file:" + Identity.Write("canary", System.Text.Encoding.UTF8.GetBytes(secret));

        Assert.That(await OutputAsync(settings), Does.Not.Contain(Canary));
    }

    [Test]
    public async Task A_wrong_passphrase_is_not_repeated()
    {
        Dictionary<string, string?> settings = Identity.Settings;
        settings["Sage:KeyStore:PassphraseFile"] = Identity.Write("canary-passphrase", System.Text.Encoding.UTF8.GetBytes(Canary));

        Assert.That((await OutputAsync(settings)).Replace("canary-passphrase", "", StringComparison.Ordinal), Does.Contain("'Sage:KeyStore:Path'").And.Not.Contain(Canary));
    }

    /// <summary>Everything a host says that starts, or does not, with these settings.</summary>
    private static async Task<string> OutputAsync(Dictionary<string, string?> settings)
    {
        using CapturingLoggerFactory logs = new();
        string thrown = "";
        try
        {
            WebApplicationBuilder builder = HostBuilding.Builder(settings, logs);
            builder.AddSageHost();
            await using WebApplication app = builder.Build();
            using CancellationTokenSource giveUp = new(TimeSpan.FromSeconds(30));
            await app.StartAsync(giveUp.Token);
            await app.StopAsync(giveUp.Token);
        }
        catch (Exception exception)
        {
            thrown = exception.ToString();
        }

        return thrown + logs.All;
    }
}
