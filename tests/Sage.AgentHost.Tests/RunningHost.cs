using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sage.Did;

namespace Sage.AgentHost.Tests;

/// <summary>The program in this process, in Development, on a free loopback port, with the settings that it ships.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private RunningHost(WebApplication application)
    {
        Application = application;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(application.Urls.Single()) };
    }

    public WebApplication Application { get; }

    public HttpClient Http { get; }

    public Uri Address => Http.BaseAddress!;

    /// <summary>The agent that the host made up.</summary>
    public AgentDid Did => AgentDid.Parse(Application.Configuration["Sage:Did"]!);

    public static string Folder
    {
        get
        {
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "Sage.sln")))
            {
                folder = folder.Parent;
            }

            return Path.Combine(folder.FullName, "src", "Sage.AgentHost");
        }
    }

    public static Task<RunningHost> StartAsync(params string[] settings) => StartAsync(TimeProvider.System, settings);

    public static async Task<RunningHost> StartAsync(TimeProvider timeProvider, params string[] settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            EnvironmentName = "Development",
            ContentRootPath = Folder,
            ApplicationName = "Sage.AgentHost",
            Args = ["--urls", "http://127.0.0.1:0", .. settings],
        });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(timeProvider);
        WebApplication application = await HostProgram.BuildAsync(builder);
        await application.StartAsync();
        return new RunningHost(application);
    }

    public T Service<T>()
        where T : notnull => Application.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Application.StopAsync();
        await Application.DisposeAsync();
    }
}
