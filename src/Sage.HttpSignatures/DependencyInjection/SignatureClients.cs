namespace Sage.HttpSignatures;

/// <summary>Which named clients sign and which verify; null names every client.</summary>
internal sealed class SignatureClients
{
    private readonly HashSet<string> signing = [];
    private readonly HashSet<string> verifying = [];
    private bool allSign;
    private bool allVerify;

    public bool Signs(string name) => allSign || signing.Contains(name);

    public bool Verifies(string name) => allVerify || verifying.Contains(name);

    public void AddSigning(string? name) => Add(signing, name, ref allSign);

    public void AddVerifying(string? name) => Add(verifying, name, ref allVerify);

    private static void Add(HashSet<string> names, string? name, ref bool all)
    {
        if (name is null)
        {
            all = true;
        }
        else
        {
            names.Add(name);
        }
    }
}
