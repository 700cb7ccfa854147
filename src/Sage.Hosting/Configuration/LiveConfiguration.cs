using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Sage.Hosting;

/// <summary>
/// Follows the configuration while the host runs: what may change without a restart does, what may not is named in the log, and a
/// configuration that is wrong changes nothing.
/// </summary>
internal sealed class LiveConfiguration : IHostedService, IDisposable
{
    private readonly LoadedConfiguration loaded;
    private readonly ILogger<LiveConfiguration> logger;
    private readonly IDisposable registration;
    private readonly Lock gate = new();
    private Dictionary<string, string?> values;
    private volatile Switches switches;

    public LiveConfiguration(LoadedConfiguration loaded, ILogger<LiveConfiguration> logger)
    {
        this.loaded = loaded;
        this.logger = logger;
        switches = new Switches(loaded.Options);
        values = Values(loaded.Section);
        registration = ChangeToken.OnChange(loaded.Section.GetReloadToken, Reload);
    }

    /// <summary>What counts now.</summary>
    public Switches Switches => switches;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (string path in loaded.ReadableSecrets)
        {
            Log.SecretIsReadable(logger, path);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => registration.Dispose();

    private void Reload()
    {
        lock (gate)
        {
            Dictionary<string, string?> now = Values(loaded.Section);
            string[] changed = [.. now.Keys.Union(values.Keys, StringComparer.OrdinalIgnoreCase)
                .Where(key => now.GetValueOrDefault(key) != values.GetValueOrDefault(key)).Order(StringComparer.OrdinalIgnoreCase)];
            if (changed.Length == 0)
            {
                return;
            }

            try
            {
                switches = new Switches(HostConfiguration.Read(loaded.Section, loaded.Surroundings));
                values = now;
            }
            catch (OptionsValidationException exception)
            {
                Log.ReloadRefused(logger, string.Join(" ", exception.Failures));
                return;
            }

            Tell([.. changed.Where(Reloads)], [.. changed.Where(key => !Reloads(key))]);
        }
    }

    private void Tell(string[] effective, string[] waiting)
    {
        if (effective.Length > 0)
        {
            Log.Reloaded(logger, string.Join(", ", effective));
        }

        if (waiting.Length > 0)
        {
            Log.NeedsRestart(logger, string.Join(", ", waiting));
        }
    }

    private static bool Reloads(string key)
    {
        KeyTree? node = KeyTree.Root;
        foreach (string part in key.Split(':').Skip(1))
        {
            node = node?.Entry ?? node?.Find(part);
        }

        // A list that became empty is a change of its entries.
        return (node?.Key ?? node?.Entry?.Key)?.Reloads ?? false;
    }

    private static Dictionary<string, string?> Values(IConfigurationSection section) =>
        new(section.AsEnumerable().Where(pair => pair.Value is not null), StringComparer.OrdinalIgnoreCase);
}
