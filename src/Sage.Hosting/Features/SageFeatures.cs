using Microsoft.FeatureManagement;

namespace Sage.Hosting;

/// <summary>
/// The switches under <c>Sage:Features</c>, as they are now: a change of the configuration counts without a restart. Safe from any thread.
/// </summary>
public sealed class SageFeatures
{
    /// <summary>Every handshake must carry a cookie; off unless set.</summary>
    public const string RequireCookie = "RequireCookie";

    /// <summary>Responses are signed where the endpoint asks for it; on unless set.</summary>
    public const string ResponseSigning = "ResponseSigning";

    /// <summary>The endpoints of Web Bot Auth answer; off unless set.</summary>
    public const string WebBotAuth = "WebBotAuth";

    /// <summary>The documentation of the API is served; off unless set.</summary>
    public const string ApiDocs = "ApiDocs";

    private readonly FeatureManager manager;

    // A manager of its own: an application may use feature management for itself, with other definitions.
    internal SageFeatures(LiveConfiguration configuration) =>
        manager = new FeatureManager(new SwitchDefinitions(configuration), new FeatureManagementOptions { IgnoreMissingFeatures = false });

    internal static IReadOnlyList<string> All { get; } = [RequireCookie, ResponseSigning, WebBotAuth, ApiDocs];

    /// <summary>Whether a feature is on now.</summary>
    /// <param name="feature">One of the names of this class.</param>
    /// <exception cref="FeatureManagementException">There is no such feature.</exception>
    public bool IsEnabled(string feature)
    {
        // The definitions are in memory and use no filter, so that this is done when it returns.
        Task<bool> answer = manager.IsEnabledAsync(feature);
        return answer.GetAwaiter().GetResult();
    }
}
