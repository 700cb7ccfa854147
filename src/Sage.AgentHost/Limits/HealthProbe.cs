namespace Sage.AgentHost;

/// <summary>
/// Asks the host on this machine that has the same settings whether it lives; an image without a shell has nothing else that could.
/// </summary>
internal static class HealthProbe
{
    // Where ASP.NET Core listens when nobody says it.
    private const string DefaultUrl = "http://localhost:5000";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(IConfiguration configuration)
    {
        if (AddressOf(configuration) is not { } address)
        {
            await Console.Error.WriteLineAsync("The host listens at no http URL that its health could be asked at.");
            return 1;
        }

        using HttpClient client = new() { Timeout = Patience };
        try
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri(address, "/health/live"));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return 1;
        }
    }

    /// <summary>The first http URL at which a host with this configuration listens, as seen from this machine.</summary>
    internal static Uri? AddressOf(IConfiguration configuration)
    {
        BindingAddress? bound = UrlsOf(configuration).Select(BindingAddress.Parse)
            .FirstOrDefault(address => address.Scheme == Uri.UriSchemeHttp && !address.IsUnixPipe && !address.IsNamedPipe);
        if (bound is null)
        {
            return null;
        }

        bool isAnywhere = bound.Host is "*" or "+" or "localhost" or "0.0.0.0" or "[::]";
        return new UriBuilder(Uri.UriSchemeHttp, isAnywhere ? "127.0.0.1" : bound.Host, bound.Port).Uri;
    }

    // In the order in which ASP.NET Core looks for them: the endpoints of Kestrel take the place of all others, and URLs that of ports.
    private static string[] UrlsOf(IConfiguration configuration)
    {
        string[] endpoints = [.. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>()];
        string[] urls = PartsOf(configuration["urls"]);
        string[] ports = [.. Ports("http"), .. Ports("https")];
        return (endpoints, urls, ports) switch
        {
            ({ Length: > 0 }, _, _) => endpoints,
            (_, { Length: > 0 }, _) => urls,
            (_, _, { Length: > 0 }) => ports,
            _ => [DefaultUrl],
        };

        IEnumerable<string> Ports(string scheme) => PartsOf(configuration[$"{scheme}_ports"]).Select(port => $"{scheme}://*:{port}");
    }

    private static string[] PartsOf(string? list) => list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
