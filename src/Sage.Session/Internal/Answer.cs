namespace Sage.Session;

/// <summary>What the listener answers, and why it refused if it did.</summary>
internal readonly record struct Answer(WireResponse Response, Refusal? Refusal)
{
    private const string AuthenticationFailed = "authentication failed";
    private const string RequestFailed = "request failed";
    private const string MalformedMessage = "malformed message";

    public static Answer Success(WireMessage request, ReadOnlyMemory<byte> data) => new(WireResponse.Succeeded(request, data), null);

    /// <summary>The one answer to everything that has to do with who is asking.</summary>
    public static Answer Refused(WireMessage request, Refusal refusal) => new(WireResponse.Failed(request, AuthenticationFailed), refusal);

    /// <summary>The peer is who it says, but this side could not answer.</summary>
    public static Answer Failed(WireMessage request, Refusal refusal) => new(WireResponse.Failed(request, RequestFailed), refusal);

    public static Answer Malformed() => new(WireResponse.Failed(null, MalformedMessage), Session.Refusal.Malformed);

    public static Answer HeaderMismatch(WireMessage request, string header) =>
        new(WireResponse.Failed(request, $"{header} header does not match the message body"), Session.Refusal.HeaderMismatch);

    public static Answer CookieDemanded(WireMessage request, string cookie) =>
        new(WireResponse.Failed(request, CookieChallenge.Error, CookieChallenge.Write(cookie)), Session.Refusal.CookieRequired);
}
