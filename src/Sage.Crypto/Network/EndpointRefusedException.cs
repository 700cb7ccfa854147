namespace Sage.Crypto.Internal;

/// <summary>What <see cref="PolicyConnector"/> throws instead of connecting. An HTTP client puts it inside an exception of its own.</summary>
internal sealed class EndpointRefusedException() : HttpRequestException(Text)
{
    public const string Text =
        "The endpoint is not an https URL on a public address. For tests and agents on one machine, set AllowLoopback and AllowHttp of EndpointPolicy.";
}
