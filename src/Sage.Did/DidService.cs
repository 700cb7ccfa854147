namespace Sage.Did;

/// <summary>A service in a DID document.</summary>
/// <param name="Fragment">The name of the service: its id is the DID of the document, <c>#</c> and this.</param>
/// <param name="Type">The type, for example <c>MessageService</c>.</param>
/// <param name="Endpoint">Its address as text; whoever connects checks it.</param>
public sealed record DidService(string Fragment, string Type, string Endpoint);
