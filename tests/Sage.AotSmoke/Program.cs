using Sage.AotSmoke;

// The user journeys, as a native program: exit code 0 when every one of them ends as it should.
(string Name, Func<Task> Run)[] journeys =
[
    ("keys of every algorithm", KeyJourneys.KeysAsync),
    ("HPKE", KeyJourneys.HpkeAsync),
    ("canonical JSON", KeyJourneys.JsonAsync),
    ("JWK, PEM and Multikey", KeyJourneys.FormatsAsync),
    ("key store file", KeyJourneys.KeyStoreAsync),
    ("registry file", RegistryJourneys.FileAsync),
    ("did:key and documents", RegistryJourneys.DidKeyAsync),
    ("signed message", HttpSignatureJourneys.SignAndVerifyAsync),
    ("signed request to an API that signs its answer", HttpSignatureJourneys.ApiAsync),
    ("key directory and Web Bot Auth", HttpSignatureJourneys.WebBotAuthAsync),
    ("HTTP client from a container", HttpClientJourney.FromContainerAsync),
    ("agent keys to a chain", EthereumJourneys.WriteAsync),
    ("agent keys from a chain", EthereumJourneys.ResolveAsync),
    ("databases", DatabaseJourney.RunAsync),
    ("session in memory", SessionJourneys.InMemoryAsync),
    ("session over HTTP with a container", SessionJourneys.OverHttpAsync),
];

int failed = 0;
foreach ((string name, Func<Task> run) in journeys)
{
    try
    {
        await run();
        Console.WriteLine($"ok      {name}");
    }
#pragma warning disable CA1031 // Whatever a journey throws is its result.
    catch (Exception e)
#pragma warning restore CA1031
    {
        failed++;
        Console.WriteLine($"FAILED  {name}: {e}");
    }
}

return failed == 0 ? 0 : 1;
