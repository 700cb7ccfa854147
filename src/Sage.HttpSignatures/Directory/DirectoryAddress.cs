namespace Sage.HttpSignatures;

/// <summary>What a directory is remembered under: a normalised URL, and how what is there is read.</summary>
/// <param name="Type">The type the member had; the same URL may be asked for as another kind of document.</param>
/// <param name="Url">The URL without query, normalised.</param>
internal readonly record struct DirectoryAddress(SignatureAgentType Type, string Url);
