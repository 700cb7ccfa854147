namespace Sage.Cli;

/// <summary>The steps of a verification, in the order they are made.</summary>
internal static class CheckName
{
    public const string Syntax = "syntax";
    public const string Components = "components";
    public const string Times = "times";
    public const string Coverage = "coverage";
    public const string Signer = "signer";
    public const string Key = "key";
    public const string Base = "base";
    public const string Algorithm = "algorithm";
    public const string Signature = "signature";
    public const string Digest = "digest";
}
