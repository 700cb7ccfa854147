using Sage.Hosting.Tests.Support;
using Sage.Session.Tests.Endpoints;

namespace Sage.Hosting.Tests.Configuration;

/// <summary>What operators get wrong: each fails at start, before anything listens, with a message that names the key and the fix.</summary>
[TestFixture]
internal sealed class MisconfigurationTests
{
    private const string One = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
    private const string Two = "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512";

    // What is set (null takes it away), and what must be said.
    private static readonly TestCaseData[] Cases =
    [
        Case("no identity", "'Sage:Did' is missing", ("Sage:Did", null), ("Sage:KeyStore:Path", null), ("Sage:KeyStore:PassphraseFile", null)),
        Case("a DID that is none", "'Sage:Did' must be a DID of at most 256 bytes", ("Sage:Did", "weather-agent")),
        Case("an empty DID", "'Sage:Did' is empty: give it a value or remove it.", ("Sage:Did", " ")),
        Case("no key store", "'Sage:KeyStore:Path' is missing: 'Sage:Did' says who this agent is", ("Sage:KeyStore:Path", null), ("Sage:KeyStore:PassphraseFile", null)),
        Case("a passphrase for no key store", "'Sage:KeyStore:Path' is missing: a passphrase is configured", ("Sage:KeyStore:Path", null)),
        Case("no passphrase", "'Sage:KeyStore:Path' needs exactly one place to read its passphrase from", ("Sage:KeyStore:PassphraseFile", null)),
        Case("two passphrases", "set 'Sage:KeyStore:PassphraseFile' (better) or 'Sage:KeyStore:PassphraseVariable'", ("Sage:KeyStore:PassphraseVariable", "HOME")),
        Case("a key store that is not there", "'Sage:KeyStore:Path' names a file that is not there", ("Sage:KeyStore:Path", "absent.json")),
        Case("a passphrase file that is not there", "'Sage:KeyStore:PassphraseFile' names a file that is not there", ("Sage:KeyStore:PassphraseFile", "absent")),
        Case("a passphrase variable that is not set", "'Sage:KeyStore:PassphraseVariable' names an environment variable that is not set", ("Sage:KeyStore:PassphraseFile", null), ("Sage:KeyStore:PassphraseVariable", "SAGE_TEST_UNSET")),
        Case("a wrong passphrase", "'Sage:KeyStore:Path' cannot be opened with the passphrase", ("Sage:KeyStore:PassphraseFile", "{folder}/wrong-passphrase")),
        Case("a key store that is none", "'Sage:KeyStore:Path' cannot be opened: ", ("Sage:KeyStore:Path", "{folder}/passphrase")),
        Case("a signing key that is not there", "'Sage:Agent:SigningKey' names a key that the key store does not hold", ("Sage:Agent:SigningKey", "absent")),
        Case("a signing key that cannot sign", "'Sage:Agent:SigningKey' must name a key that signs", ("Sage:Agent:SigningKey", "agreement")),
        Case("an agreement key that agrees on nothing", "'Sage:Agent:AgreementKey' must name an X25519 key", ("Sage:Agent:AgreementKey", "signing")),
        Case("nobody accepted", "'Sage:Sessions:Accept' is missing: list the DIDs that may open sessions from 'Sage:Sessions:Accept:0', or set 'Sage:Sessions:AcceptAnyone' to true.", ("Sage:Sessions:Accept:0", null)),
        Case("a list and anyone", "'Sage:Sessions:AcceptAnyone' and 'Sage:Sessions:Accept' contradict each other", ("Sage:Sessions:AcceptAnyone", "true")),
        Case("an accepted DID that is none", "'Sage:Sessions:Accept:1' must be a DID", ("Sage:Sessions:Accept:1", "*")),
        Case("a list that is a value", "'Sage:Sessions:Accept' has a value but is a section: set 'Sage:Sessions:Accept:0' and so on.", ("Sage:Sessions:Accept", "did:key:z6Mk")),
        Case("a list with names", "'Sage:Sessions:Accept' is a list: number its entries", ("Sage:Sessions:Accept:first", "did:key:z6Mk")),
        Case("a number in words", "'Sage:Sessions:MaxSessions' must be a whole number in digits", ("Sage:Sessions:MaxSessions", "many")),
        Case("a number that is too great for a number", "'Sage:Sessions:MaxSessions' must be a whole number in digits", ("Sage:Sessions:MaxSessions", "99999999999")),
        Case("a number out of range", "'Sage:Sessions:MaxSessions' must be from 1 to 10,000,000.", ("Sage:Sessions:MaxSessions", "0")),
        Case("more for one than for all", "'Sage:Sessions:MaxSessionsPerPeer' must not be greater than 'Sage:Sessions:MaxSessions'.", ("Sage:Sessions:MaxSessions", "10")),
        Case("a duration without colons", "'Sage:Sessions:Timeout' must be a duration in the form hours:minutes:seconds", ("Sage:Sessions:Timeout", "10")),
        Case("a duration of nothing", "'Sage:Sessions:Timeout' must be from 00:00:00.1 to 00:10:00", ("Sage:Sessions:Timeout", "00:00:00")),
        Case("an envelope larger than a body", "'Sage:Sessions:MaxBodySize' must not be greater than 'Sage:Limits:MaxBodySize'", ("Sage:Sessions:MaxBodySize", "2000000")),
        Case("a signed body larger than a body", "'Sage:HttpSignatures:MaxBodySize' must not be greater than 'Sage:Limits:MaxBodySize'", ("Sage:HttpSignatures:MaxBodySize", "2000000")),
        Case("a proxy by name", "'Sage:Limits:TrustedProxies:0' must be the IP address of a proxy", ("Sage:Limits:TrustedProxies:0", "proxy.example")),
        Case("a network with too many bits", "'Sage:Limits:TrustedProxies:1' must be the IP address of a proxy", ("Sage:Limits:TrustedProxies:0", "10.1.2.3"), ("Sage:Limits:TrustedProxies:1", "10.1.0.0/33")),
        Case("everybody as a proxy", "'Sage:Limits:TrustedProxies:0' is everybody", ("Sage:Limits:TrustedProxies:0", "0.0.0.0/0")),
        Case("a flag that is neither", "'Sage:Features:RequireCookie' must be true or false.", ("Sage:Features:RequireCookie", "yes")),
        Case("an unknown feature", "'Sage:Features:RequireCookies' is not a setting: did you mean 'Sage:Features:RequireCookie'?", ("Sage:Features:RequireCookies", "true")),
        Case("a misspelled section", "'Sage:Registy' is not a setting: did you mean 'Sage:Registry'?", ("Sage:Registy:Kind", "File")),
        Case("a misspelled key", "'Sage:Store:ConectionString' is not a setting: did you mean 'Sage:Store:ConnectionString'?", ("Sage:Store:ConectionString", "file:/x")),
        Case("a key like no other", "'Sage:Telemetry:Zebra' is not a setting: there are 'Sage:Telemetry:Prometheus', 'Sage:Telemetry:OtlpEndpoint'.", ("Sage:Telemetry:Zebra", "1")),
        Case("settings below a value", "'Sage:Endpoint' is one value and has no settings below it.", ("Sage:Endpoint:Url", "https://agent.example")),
        Case("an endpoint that is no URL", "'Sage:Endpoint' must be an absolute http or https URL", ("Sage:Endpoint", "agent.example")),
        Case("an endpoint over http", "'Sage:Endpoint' must be https", ("Sage:Endpoint", "http://agent.example")),
        Case("an endpoint with a query", "'Sage:Endpoint' is a base URL: leave away the query and the fragment.", ("Sage:Endpoint", "https://agent.example?a=b")),
        Case("an unknown policy", "'Sage:HttpSignatures:Policy' must be one of Default, Sage, WebBotAuth.", ("Sage:HttpSignatures:Policy", "2")),
        Case("a registry of no kind", "'Sage:Registry:Kind' must be one of Memory, File, None.", ("Sage:Registry:Kind", "Database")),
        Case("a registry file without a path", "'Sage:Registry:Path' is missing: 'Sage:Registry:Kind' is File.", ("Sage:Registry:Kind", "File")),
        Case("a path for no registry file", "'Sage:Registry:Path' is only for the kind File", ("Sage:Registry:Path", "agents.json")),
        Case("no registry at all", "no agent could be looked up", ("Sage:Registry:Kind", "None"), ("Sage:Registry:DidKey", "false")),
        Case("a chain without anything", "'Sage:Registry:Chains:0:Endpoints' is missing: list the URL of at least one node", ("Sage:Registry:Chains:0:ChainId", "1")),
        Case("a chain without a number", "'Sage:Registry:Chains:0:ChainId' must be at least 1.", Chain(("ChainId", null))),
        Case("a contract that is no address", "'Sage:Registry:Chains:0:Identity' must be an address other than zero", Chain(("Identity", "0x12"))),
        Case("a contract without an address", "'Sage:Registry:Chains:0:KeyRegistry' is missing", Chain(("KeyRegistry", null))),
        Case("one contract twice", "'Sage:Registry:Chains:0:Identity' and 'Sage:Registry:Chains:0:KeyRegistry' are the same address", Chain(("KeyRegistry", One))),
        Case("a node over http", "'Sage:Registry:Chains:0:Endpoints:0' must be https (or http on this machine)", Chain(("Endpoints:0", "http://node.example"))),
        Case("a node that is neither URL nor reference", "'Sage:Registry:Chains:0:Endpoints:0' must be a reference to a secret", Chain(("Endpoints:0", "node.example/key"))),
        Case("more nodes needed than there are", "'Sage:Registry:Chains:0:MinEndpoints' is greater than the number", Chain(("MinEndpoints", "2"))),
        Case("one deployment twice", "'Sage:Registry:Chains:1' is a deployment that is there already", [.. Chain(), .. Chain().Select(pair => (pair.Item1.Replace(":0:", ":1:", StringComparison.Ordinal), pair.Item2))]),
        Case("a store of no kind", "'Sage:Store:Kind' must be one of Memory, Sqlite, PostgreSql.", ("Sage:Store:Kind", "MySql")),
        Case("a database file without a path", "'Sage:Store:Path' is missing: 'Sage:Store:Kind' is Sqlite.", ("Sage:Store:Kind", "Sqlite")),
        Case("a database without a connection", "'Sage:Store:ConnectionString' is missing: 'Sage:Store:Kind' is PostgreSql.", ("Sage:Store:Kind", "PostgreSql")),
        Case("a connection for no database", "'Sage:Store:ConnectionString' is only for 'Sage:Store:Kind' PostgreSql", ("Sage:Store:ConnectionString", "env:HOME")),
        Case("a secret in place of a reference", "'Sage:Store:ConnectionString' must be a reference to a secret, not the secret: begin it with one of env:, file:", ("Sage:Store:Kind", "PostgreSql"), ("Sage:Store:ConnectionString", "Host=db;Password=hunter2")),
        Case("a reference to Vault without Vault", "begin it with one of env:, file:,", ("Sage:Store:Kind", "PostgreSql"), ("Sage:Store:ConnectionString", "vault:secret/data/sage#pg")),
        Case("more sessions of one than of all", "'Sage:Store:SessionCapacityPerPeer' must not be greater than 'Sage:Store:SessionCapacity'.", ("Sage:Store:SessionCapacity", "10")),
        Case("room for no nonce", "'Sage:Nonces:Capacity' must be from 10 to 1,000,000,000.", ("Sage:Nonces:Capacity", "0")),
        Case("two connections of one database", "'Sage:Nonces:ConnectionString' is only for", ("Sage:Store:Kind", "PostgreSql"), ("Sage:Store:ConnectionString", "env:HOME"), ("Sage:Nonces:ConnectionString", "env:HOME")),
        Case("two mirrors", "'Sage:Registry:Chains:…:Mirror' is true for several chains", [.. Chain(("Mirror", "true")), .. Chain(("Mirror", "true"), ("ChainId", "2")).Select(pair => (pair.Item1.Replace(":0:", ":1:", StringComparison.Ordinal), pair.Item2))]),
        Case("a mirror of two nodes", "a mirror reads from one node", Chain(("Mirror", "true"), ("Endpoints:1", "http://127.0.0.1:8546"))),
        Case("a first block of no mirror", "'Sage:Registry:Chains:0:FirstBlock' is only for a mirror", Chain(("FirstBlock", "1"))),
        Case("nonces in Redis without a connection", "'Sage:Nonces:ConnectionString' is missing: 'Sage:Nonces:Kind' is Redis.", ("Sage:Nonces:Kind", "Redis")),
        Case("shared sessions with nonces of one process", "'Sage:Nonces:Kind' must not be Memory where 'Sage:Store:Kind' is PostgreSql", ("Sage:Store:Kind", "PostgreSql"), ("Sage:Store:ConnectionString", "env:HOME"), ("Sage:Nonces:Kind", "Memory")),
        Case("Vault without an address", "'Sage:Vault:Address' is missing", ("Sage:Vault:Token", "env:VAULT_TOKEN")),
        Case("Vault over http", "'Sage:Vault:Address' must be https", ("Sage:Vault:Address", "http://vault.example"), ("Sage:Vault:Token", "env:VAULT_TOKEN")),
        Case("Vault without a login", "'Sage:Vault:Token', or both 'Sage:Vault:RoleId' and 'Sage:Vault:SecretId', must be set", ("Sage:Vault:Address", "https://vault.example")),
        Case("half an AppRole", "'Sage:Vault:RoleId' and 'Sage:Vault:SecretId' go together: set both.", ("Sage:Vault:Address", "https://vault.example"), ("Sage:Vault:RoleId", "sage")),
        Case("a token in place of a reference", "'Sage:Vault:Token' must be a reference to a secret", ("Sage:Vault:Address", "https://vault.example"), ("Sage:Vault:Token", "hvs.CAESIJ")),
        Case("a collector that is no URL", "'Sage:Telemetry:OtlpEndpoint' must be an absolute http or https URL", ("Sage:Telemetry:OtlpEndpoint", "collector:4317")),
        Case("a user name in a URL", "'Sage:Application:Endpoint' must be an absolute http or https URL without a user name", ("Sage:Application:Endpoint", "http://user:pass@127.0.0.1:9000/")),
    ];

    [TestCaseSource(nameof(Cases))]
    public async Task Fails_at_start_with(string message, (string Key, string? Value)[] changes)
    {
        using CapturingLoggerFactory logs = new();

        string[] failures = await HostBuilding.RefusalAsync(Apply(changes), logs);

        Assert.That(failures, Has.Some.Contains(message));
    }

    [Test]
    public async Task Everything_that_is_wrong_is_said_at_once()
    {
        string[] failures = await HostBuilding.RefusalAsync(Apply(("Sage:Did", "x"), ("Sage:Limits:MaxConections", "1"), ("Sage:Store:Kind", "MySql"), ("Sage:Sessions:Timeout", "5")));

        Assert.That(failures, Has.Length.EqualTo(4));
    }

    [Test]
    public void The_matrix_has_a_size_worth_the_name() => Assert.That(Cases, Has.Length.GreaterThanOrEqualTo(30));

    private static Dictionary<string, string?> Apply(params (string Key, string? Value)[] changes)
    {
        Dictionary<string, string?> settings = Identity.Settings;
        foreach ((string key, string? value) in changes)
        {
            settings.Remove(key);
            if (value is not null)
            {
                settings[key] = value.Replace("{folder}", Identity.Folder, StringComparison.Ordinal);
            }
        }

        return settings;
    }

    private static (string, string?)[] Chain(params (string Key, string? Value)[] changes)
    {
        Dictionary<string, string?> chain = new() { ["ChainId"] = "31337", ["Identity"] = One, ["KeyRegistry"] = Two, ["Endpoints:0"] = "http://127.0.0.1:8545" };
        foreach ((string key, string? value) in changes)
        {
            chain[key] = value;
        }

        return [.. chain.Select(pair => ($"Sage:Registry:Chains:0:{pair.Key}", pair.Value))];
    }

    private static TestCaseData Case(string name, string message, params (string Key, string? Value)[] changes) =>
        new TestCaseData(message, changes).SetArgDisplayNames(name);
}
