using Sage.AspNetCore;
using VerifyingApi;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();

// Callers are known by a key that is their name (did:key), or by a record in a registry file.
builder.Services.AddSage().AddDidKey().AddFileRegistry(builder.Configuration["registry"] ?? "agents.json");
builder.Services.AddAuthentication(HttpSignatureDefaults.AuthenticationScheme).AddHttpSignature(options =>
    options.Events.OnChallenge = context =>
    {
        // The caller only reads "authentication failed".
        Console.WriteLine($"refused: {context.Error}");
        return Task.CompletedTask;
    });

WebApplication app = builder.Build();
app.MapGet("/", () => "Signed tasks go to /tasks.");

// Asking for the caller is what makes the endpoint refuse everybody else.
app.MapPost("/tasks", (TaskRequest task, AgentIdentity caller) =>
{
    Console.WriteLine($"{caller.Did} asks: {task.Text}");
    return $"{caller.Did} may ask to {task.Text}";
});

await app.StartAsync();
Console.WriteLine($"listening on {app.Urls.First()}");
await app.WaitForShutdownAsync();
