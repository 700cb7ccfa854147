using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Sage.HttpSignatures;

/// <summary>
/// Adds the handlers of signatures after everything else that an application configures for a client, so that they are the
/// innermost ones in whatever order the calls stand.
/// </summary>
internal sealed class SignatureHandlers(SignatureClients clients, IServiceProvider services) : IPostConfigureOptions<HttpClientFactoryOptions>
{
    public void PostConfigure(string? name, HttpClientFactoryOptions options)
    {
        string client = name ?? Options.DefaultName;
        if (clients.Verifies(client))
        {
            options.HttpMessageHandlerBuilderActions.Add(builder => builder.AdditionalHandlers.Add(CreateVerifyingHandler(client)));
        }

        if (clients.Signs(client))
        {
            options.HttpMessageHandlerBuilderActions.Add(builder =>
            {
                PrimaryHandler.StopFollowing(PrimaryHandler.Of(builder.PrimaryHandler));
                builder.AdditionalHandlers.Add(services.GetRequiredService<SigningClients>().CreateHandler(client));
            });
        }
    }

    private HttpVerifyingHandler CreateVerifyingHandler(string client) => new(
        services.GetRequiredService<HttpMessageVerifier>(),
        services.GetRequiredService<IOptionsMonitor<HttpVerifyingHandlerOptions>>().Get(client));
}
