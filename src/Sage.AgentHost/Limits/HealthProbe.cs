using System.Globalization;

namespace Sage.AgentHost;

/// <summary>Asks a host on this machine whether it lives; an image without a shell has nothing else that could.</summary>
internal static class HealthProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync()
    {
        string ports = Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS") ?? "8080";
        int port = int.Parse(ports.Split(';')[0], NumberStyles.None, CultureInfo.InvariantCulture);
        using HttpClient client = new() { Timeout = Patience };
        try
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/health/live"));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return 1;
        }
    }
}
