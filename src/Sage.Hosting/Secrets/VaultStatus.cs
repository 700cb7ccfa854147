namespace Sage.Hosting;

/// <summary>What Vault means by a status.</summary>
internal static class VaultStatus
{
    /// <summary>The error for a status that is not 200. The body is not looked at: it may hold anything.</summary>
    public static SecretException Refusal(int status, string host, string path)
    {
        (SecretError error, string meaning) = status switch
        {
            400 => (SecretError.Denied, $"refuses the request for '{path}': the login is not right, or the path is not one to read"),
            403 => (SecretError.Denied, $"does not let this token read '{path}': it needs a policy with 'read' on that path, and a token that is still valid"),
            404 => (SecretError.NotFound, $"has nothing at '{path}', or only a version that was deleted"),
            429 => (SecretError.Unavailable, "is a standby, or asks for fewer requests"),
            472 or 473 => (SecretError.Unavailable, "is a standby that does not answer"),
            503 => (SecretError.Unavailable, "is sealed or in maintenance: unseal it"),
            >= 300 and < 400 => (SecretError.Unavailable, "points elsewhere, which is not followed: set the address of the active node"),
            _ => (SecretError.Unavailable, "failed"),
        };
        return new SecretException(error, $"Vault at {host} {meaning} (status {status}).");
    }
}
