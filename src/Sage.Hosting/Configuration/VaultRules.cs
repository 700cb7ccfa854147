namespace Sage.Hosting;

/// <summary>Rules about the Vault that secrets may come from.</summary>
internal sealed class VaultRules(VaultOptions options, List<string> problems)
{
    private static readonly SecretSchemes Local = new(["env", "file"]);

    public void Run()
    {
        if (options.Address is null)
        {
            if (options.Token is not null || options.RoleId is not null || options.SecretId is not null || options.Namespace is not null)
            {
                problems.Add("'Sage:Vault:Address' is missing: other settings of Vault are there. Set it to the URL of the server.");
            }

            return;
        }

        if (!UrlRules.IsSafe(options.Address) || options.Address.OriginalString.AsSpan().ContainsAny('?', '#'))
        {
            problems.Add("'Sage:Vault:Address' must be https (or http on this machine), without query and fragment.");
        }

        if ((options.Token is not null) == (options.RoleId is not null || options.SecretId is not null))
        {
            problems.Add("'Sage:Vault:Token', or both 'Sage:Vault:RoleId' and 'Sage:Vault:SecretId', must be set: there is exactly one way to log in.");
        }
        else if (options.Token is null && (options.RoleId is null || options.SecretId is null))
        {
            problems.Add("'Sage:Vault:RoleId' and 'Sage:Vault:SecretId' go together: set both.");
        }

        // Read before Vault can be.
        Local.Check("Sage:Vault:Token", options.Token, problems);
        Local.Check("Sage:Vault:SecretId", options.SecretId, problems);
        if (options.Namespace is { } name && name.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            problems.Add("'Sage:Vault:Namespace' must be printable ASCII without spaces.");
        }
    }
}
