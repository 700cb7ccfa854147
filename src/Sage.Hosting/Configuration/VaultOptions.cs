namespace Sage.Hosting;

/// <summary>The HashiCorp Vault that references with <c>vault:</c> are read from.</summary>
internal sealed class VaultOptions
{
    /// <summary>The URL of the server: https, or http on this machine.</summary>
    public Uri? Address { get; set; }

    /// <summary>The namespace, for editions that have them.</summary>
    public string? Namespace { get; set; }

    /// <summary>A reference (file or env) to the token.</summary>
    public string? Token { get; set; }

    /// <summary>The role id of an AppRole login, in place of a token. It is no secret.</summary>
    public string? RoleId { get; set; }

    /// <summary>A reference (file or env) to the secret id of an AppRole login.</summary>
    public string? SecretId { get; set; }

    /// <summary>How long one request may take.</summary>
    [DurationRange("00:00:00.1", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}
