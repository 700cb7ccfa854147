using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sage.Crypto.Internal;

namespace Sage.Did;

/// <summary>
/// A registry in one JSON file, <c>{"records":[…]}</c>, that several processes may share; docs/registry.md describes it.
/// Every resolution looks whether the file changed. Who can write the file is trusted as far as records carry no owner's
/// proof: protect it.
/// </summary>
/// <remarks>
/// Safe from any thread. A file that is not there is an empty registry; one that cannot be read or is malformed resolves
/// nothing. Writes are atomic and take turns between processes by a lock file beside it.
/// </remarks>
public sealed class FileAgentRegistry : IAgentRegistry
{
    private const string Source = "file";

    private const UnixFileMode DefaultMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly string path;
    private readonly TimeProvider timeProvider;
    private readonly ILogger logger;
    private readonly DidInstruments instruments;
    private readonly RegistryFileReader reader;

    /// <summary>Makes a registry. The file is looked at when it is first used.</summary>
    /// <param name="path">The path of the file; its folder must exist before the first write.</param>
    /// <param name="timeProvider">The clock that dates observations.</param>
    /// <param name="logger">Where to log.</param>
    /// <param name="meterFactory">Makes the meter, or <see langword="null"/> for a static one.</param>
    public FileAgentRegistry(string path, TimeProvider? timeProvider = null, ILogger? logger = null, IMeterFactory? meterFactory = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        this.path = Path.GetFullPath(path);
        this.timeProvider = timeProvider ?? TimeProvider.System;
        this.logger = logger ?? NullLogger.Instance;
        instruments = DidInstruments.Create(meterFactory);
        reader = new RegistryFileReader(this.path, TimeProvider.System, this.logger);
    }

    /// <inheritdoc/>
    public ValueTask<DidResolution> ResolveAsync(AgentDid did, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long start = instruments.Start(timeProvider);
        return reader.TryGetCurrent() is { } file
            ? ValueTask.FromResult(Answer(file, did, start))
            : ReadAndResolveAsync(did, start, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<AgentRecord?> GetAsync(AgentDid did, CancellationToken cancellationToken = default)
    {
        RegistryFile file = await reader.GetAsync(cancellationToken).ConfigureAwait(false);
        return file.Find(did) is { } slot
            ? slot.Record ?? throw new DidResolutionException($"The registry file '{path}' holds a malformed record, or two records, of {did}.")
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask<RegistryWriteResult> WriteAsync(AgentRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (!RegistryRules.TryNormalise(record, out AgentRecord? next))
        {
            return RegistryWriteResult.InvalidChange;
        }

        try
        {
            string target = AtomicFile.Resolve(path);
            using FileLock held = await FileLock.TryAcquireAsync(target + ".lock", TimeProvider.System, cancellationToken).ConfigureAwait(false)
                ?? throw new DidResolutionException($"Another process holds the lock of the registry file '{path}'; try again.");
            RegistryWriteResult result = await WriteLockedAsync(target, next, cancellationToken).ConfigureAwait(false);
            Log.RegistryWrite(logger, path, next.Did, next.Version, result);
            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DidResolutionException($"The registry file '{path}' cannot be written.", e);
        }
    }

    private async ValueTask<DidResolution> ReadAndResolveAsync(AgentDid did, long start, CancellationToken cancellationToken)
    {
        using Activity? span = DidInstruments.StartSpan(did);
        try
        {
            RegistryFile file = await reader.GetAsync(cancellationToken).ConfigureAwait(false);
            return Answer(file, did, start);
        }
        catch (DidResolutionException)
        {
            instruments.Failed(timeProvider, start, did);
            DidInstruments.MarkFailed(span);
            throw;
        }
    }

    private DidResolution Answer(RegistryFile file, AgentDid did, long start)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        RegistrySlot? slot = file.Find(did);
        DidResolution resolution = slot switch
        {
            null => new DidResolution(did, RegistryMethod.StatusOfUnknown(did), Source, now),
            { Record: { } record } => DidResolution.FromRecord(did, record, Source, now),
            _ => new DidResolution(did, DidResolutionStatus.Invalid, Source, now),
        };
        if (slot is not null && resolution.Status == DidResolutionStatus.Invalid && slot.IsFirstReport())
        {
            Log.RecordInvalid(logger, did, Source);
        }

        instruments.Resolved(timeProvider, start, resolution, isHit: false);
        return resolution;
    }

    private async ValueTask<RegistryWriteResult> WriteLockedAsync(string target, AgentRecord next, CancellationToken cancellationToken)
    {
        RegistryFile file = await reader.GetAsync(cancellationToken).ConfigureAwait(false);
        RegistrySlot? slot = file.Find(next.Did);
        if (slot is not null && slot.Record is null)
        {
            return RegistryWriteResult.StoredRecordInvalid;
        }

        RegistryWriteResult result = RegistryRules.Check(slot?.Record, next);
        if (result != RegistryWriteResult.Written)
        {
            return result;
        }

        byte[] content = file.With(next.Did, next.Json);
        if (content.Length > RegistryFile.MaxSize)
        {
            return RegistryWriteResult.Full;
        }

        await AtomicFile.WriteAsync(target, content, ModeOf(target)).ConfigureAwait(false);
        return RegistryWriteResult.Written;
    }

    private static UnixFileMode ModeOf(string target) =>
        !OperatingSystem.IsWindows() && File.Exists(target) ? File.GetUnixFileMode(target) : DefaultMode;
}
