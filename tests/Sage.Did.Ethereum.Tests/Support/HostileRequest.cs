using System.Text.Json;

namespace Sage.Did.Ethereum.Tests;

/// <summary>What a client asked: the body, and the how-manieth request it was, from 1.</summary>
internal sealed record HostileRequest(string Body, int Number)
{
    public long Id { get; } = JsonDocument.Parse(Body).RootElement.GetProperty("id").GetInt64();

    public string Method { get; } = JsonDocument.Parse(Body).RootElement.GetProperty("method").GetString()!;

    public JsonElement Parameters { get; } = JsonDocument.Parse(Body).RootElement.GetProperty("params");
}
