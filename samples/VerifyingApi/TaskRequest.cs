namespace VerifyingApi;

/// <summary>What an agent asks for.</summary>
/// <param name="Text">In words.</param>
internal sealed record TaskRequest(string Text);
