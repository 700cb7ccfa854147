namespace Sage.Fuzz;

/// <summary>An input and what it did.</summary>
internal sealed record FuzzFinding(FuzzTarget Target, byte[] Input, string What)
{
    /// <summary>The input as base64, so that it can be kept from a log.</summary>
    public override string ToString() => $"{Target.Name}: {What}\ninput ({Input.Length} bytes): {Convert.ToBase64String(Input)}";
}
