namespace Sage.Did;

/// <summary>A method that was registered, and what makes its resolver.</summary>
internal sealed record DidMethod(string Name, Func<IServiceProvider, IDidResolver> CreateResolver);
