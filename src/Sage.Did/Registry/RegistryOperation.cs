namespace Sage.Did;

/// <summary>The operations of registry writes, as <see cref="OwnerProof.Operation"/> names them. The set is closed.</summary>
internal static class RegistryOperation
{
    public const string Register = "register";
    public const string Update = "update";
    public const string AddKey = "add_key";
    public const string RotateKey = "rotate_key";
    public const string RevokeKey = "revoke_key";
    public const string Deactivate = "deactivate";

    public static bool IsKnown(string operation) => operation is Register or Update or AddKey or RotateKey or RevokeKey or Deactivate;
}
