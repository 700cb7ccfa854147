namespace Sage.HttpSignatures;

/// <summary>What a single request or response of <see cref="HttpClient"/> has to do with signatures.</summary>
public static class HttpSigningExtensions
{
    private static readonly HttpRequestOptionsKey<bool> Skipped = new("Sage.HttpSignatures.SkipSigning");

    /// <summary>Has a request signed differently by <see cref="HttpSigningHandler"/>, each time it is sent.</summary>
    /// <param name="request">The request.</param>
    /// <param name="overrides">What is different. A nonce given here is used for every attempt, so that a retry is a replay.</param>
    public static void SetSigning(this HttpRequestMessage request, SigningOverrides overrides)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(overrides);
        request.Options.Set(HttpSigningHandler.Overrides, overrides);
        request.Options.Set(Skipped, false);
    }

    /// <summary>Has a request sent unsigned by <see cref="HttpSigningHandler"/>; a challenge to it is not answered.</summary>
    /// <param name="request">The request.</param>
    public static void SkipSigning(this HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Options.Set(Skipped, true);
    }

    /// <summary>Who answered, as <see cref="HttpVerifyingHandler"/> found out.</summary>
    /// <param name="response">The response.</param>
    /// <returns>The signature that counts; <see langword="null"/> if nothing verified the response, or it may be unsigned and is.</returns>
    public static VerifiedSignature? GetVerifiedSignature(this HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return response.RequestMessage is { } request && request.Options.TryGetValue(HttpVerifyingHandler.Signature, out VerifiedSignature? signature)
            ? signature
            : null;
    }

    internal static bool IsSigningSkipped(this HttpRequestMessage request) => request.Options.TryGetValue(Skipped, out bool skipped) && skipped;
}
