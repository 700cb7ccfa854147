namespace Sage.Did.Ethereum.Eip712;

/// <summary>A member of a struct of typed data.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">An elementary type of the ABI or the name of a struct, with <c>[]</c> and <c>[k]</c> behind it.</param>
internal readonly record struct Eip712Field(string Name, string Type)
{
    /// <summary>The type without what makes it an array.</summary>
    public string BaseType => Type.IndexOf('[') is var bracket and >= 0 ? Type[..bracket] : Type;
}
