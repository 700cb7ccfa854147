using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SignedClient;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Logging.ClearProviders();

// An agent made by `sage agent create` is given by --Sage:Did and --Sage:KeyStore:…; without one, an agent is made at the first start.
if (builder.Configuration["Sage:Did"] is null)
{
    string home = builder.Configuration["home"] ?? Path.Combine(AppContext.BaseDirectory, "agent");
    builder.Configuration.AddJsonFile(await NewAgent.EnsureAsync(Path.GetFullPath(home)));
}

Uri address = new(builder.Configuration["url"] ?? "http://localhost:5000");
builder.Services.AddSage(builder.Configuration.GetSection("Sage"));
builder.Services.AddHttpClient<TaskClient>(http => http.BaseAddress = address).AddHttpMessageSigning();

using IHost host = builder.Build();
await host.StartAsync();
Console.WriteLine($"I am {builder.Configuration["Sage:Did"]}");
try
{
    return await Demonstration.RunAsync(host.Services.GetRequiredService<TaskClient>()) ? 0 : 1;
}
catch (HttpRequestException exception)
{
    Console.Error.WriteLine($"{exception.Message} Is samples/VerifyingApi running?");
    return 3;
}
