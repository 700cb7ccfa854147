using Sage.Did;

namespace Sage.Cli;

/// <summary>Opens a registry file that must be there: a mistyped path is an error, not an empty registry.</summary>
internal static class RegistryFile
{
    /// <exception cref="CommandException">There is no such file.</exception>
    public static FileAgentRegistry Open(string path, TimeProvider? timeProvider = null) => File.Exists(path)
        ? new FileAgentRegistry(path, timeProvider)
        : throw CommandException.InputOutput($"There is no registry file '{path}'.");
}
