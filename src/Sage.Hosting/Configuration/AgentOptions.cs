namespace Sage.Hosting;

/// <summary>Which keys of the key store are this agent's.</summary>
internal sealed class AgentOptions
{
    /// <summary>The name of the key that signs handshakes and HTTP messages.</summary>
    public string SigningKey { get; set; } = "signing";

    /// <summary>The name of the X25519 key with which sessions are opened to this agent.</summary>
    public string AgreementKey { get; set; } = "agreement";
}
