using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Sage.Redis.Internal;

/// <summary>
/// Asks the servers whether they forget keys before their time when memory is short. The answer counts for a minute, and not for a
/// server that may have changed since.
/// </summary>
internal sealed class EvictionCheck(RedisLink link, bool allowed, TimeProvider time, ILogger logger)
{
    // INFO rather than CONFIG GET, which managed servers forbid; from a script, because the client lets only administrators ask it.
    // Empty when the server may not say it either.
    private const string Policy = """
        local info = redis.pcall('INFO', 'memory')
        return type(info) == 'string' and string.match(info, 'maxmemory_policy:([%w-]+)') or ''
        """;

    private const string Harmless = "noeviction";

    private static readonly TimeSpan Valid = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private Task<Answer>? asking;
    private string? told;

    /// <summary>Does nothing while the last answer counts; whoever comes while a question is out waits for the same answer.</summary>
    /// <exception cref="RedisEvictionException">A server evicts, and that is not allowed.</exception>
    public Task RequireAsync(IConnectionMultiplexer connection)
    {
        lock (gate)
        {
            return asking is not null && (!asking.IsCompleted || IsFresh(asking)) ? asking : asking = AskAsync(connection);
        }
    }

    private bool IsFresh(Task<Answer> task) =>
        task.IsCompletedSuccessfully && task.Result.Changes == link.Changes && time.GetElapsedTime(task.Result.At) < Valid;

    private async Task<Answer> AskAsync(IConnectionMultiplexer connection)
    {
        Answer answer = new(link.Changes, time.GetTimestamp());
        string policy = await WorstAsync(connection).ConfigureAwait(false);
        Tell(policy);
        return policy is Harmless or "" || allowed ? answer : throw new RedisEvictionException(policy);
    }

    // Replicas are not asked: one that hangs must not stop everything, and one that takes over is a change that is heard of.
    private static async Task<string> WorstAsync(IConnectionMultiplexer connection)
    {
        bool silent = false;
        IServer[] primaries = [.. connection.GetServers().Where(server => server.IsConnected && !server.IsReplica)];
        if (primaries.Length == 0)
        {
            throw new IOException("No Redis server that takes writes is connected.");
        }

        foreach (IServer server in primaries)
        {
            string policy = (string?)await server.ExecuteAsync("EVAL", Policy, 0).ConfigureAwait(false) ?? "";
            if (policy is not (Harmless or ""))
            {
                return policy;
            }

            silent |= policy.Length == 0;
        }

        return silent ? "" : Harmless;
    }

    // Once each time it changes: a server that evicts is asked again for every message.
    private void Tell(string policy)
    {
        if (policy == told)
        {
            return;
        }

        told = policy;
        switch (policy)
        {
            case Harmless:
                Log.EvictionOff(logger);
                break;
            case "":
                Log.EvictionUnknown(logger);
                break;
            case var _ when allowed:
                Log.EvictionAllowed(logger, policy);
                break;
            default:
                Log.EvictionRefused(logger, policy);
                break;
        }
    }

    private sealed record Answer(int Changes, long At);
}
