using Sage.Crypto.Internal;

namespace Sage.Cli;

/// <summary>The passphrase of the agent's keys: from a file or the environment, never from the command line, which others can see.</summary>
internal static class PassphraseInput
{
    private const string Variable = "SAGE_PASSPHRASE";

    /// <summary>Reads it; the caller disposes it, which zeroes it.</summary>
    /// <exception cref="CommandException">There is none, or it is empty or too long.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Passphrase Read(string? file)
    {
        try
        {
            return file is null ? Passphrase.FromVariable(Variable) : Passphrase.FromFile(file);
        }
        catch (InvalidOperationException problem)
        {
            throw CommandException.Usage($"{problem.Message} The passphrase comes from {Variable} or --passphrase-file FILE.");
        }
    }
}
