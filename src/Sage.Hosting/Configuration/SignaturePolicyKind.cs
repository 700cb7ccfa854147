namespace Sage.Hosting;

/// <summary>The ready-made signature policies.</summary>
internal enum SignaturePolicyKind
{
    /// <summary>Secure without thinking.</summary>
    Default,

    /// <summary>SAGE profile P1.</summary>
    Sage,

    /// <summary>Web Bot Auth.</summary>
    WebBotAuth,
}
