using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sage.Tests;

/// <summary>
/// Looks for secrets in the writable memory of this process (Linux only). A secret is held masked, so that the scanner
/// does not find its own pattern; either half of it counts as found.
/// </summary>
internal static class MemoryScan
{
    private const int PageSize = 4096;
    private const int ChunkSize = 1 << 20;

    /// <summary>Skips the test where there is no /proc/self/mem.</summary>
    public static void RequireSupport()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/proc/self/mem"))
        {
            Assert.Ignore("Needs /proc/self/mem.");
        }
    }

    /// <summary>The names of the secrets that are somewhere in writable memory, stacks included.</summary>
    public static IReadOnlyList<string> Find(params MaskedSecret[] secrets)
    {
        // The buffer holds copies of the memory it was filled from, so it is wiped after each chunk and not scanned itself.
        byte[] buffer = GC.AllocateArray<byte>(ChunkSize + PageSize, pinned: true);
        long own = (long)Marshal.UnsafeAddrOfPinnedArrayElement(buffer, 0);
        SortedSet<string> found = new(StringComparer.Ordinal);
        long scanned = 0;
        using Microsoft.Win32.SafeHandles.SafeFileHandle memory = File.OpenHandle("/proc/self/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        foreach ((long start, long end) in WritableMappings())
        {
            for (long at = start; at < end; at += ChunkSize)
            {
                // One page more than the step, so that no secret is cut in two.
                int wanted = (int)Math.Min(ChunkSize + PageSize, end - at);
                int read = Read(memory, at, buffer.AsSpan(0, wanted));
                scanned += read;
                foreach (MaskedSecret secret in secrets)
                {
                    if (secret.IsIn(buffer.AsSpan(0, read), at, own, buffer.Length))
                    {
                        found.Add(secret.Name);
                    }
                }

                CryptographicOperations.ZeroMemory(buffer);
            }
        }

        Assert.That(scanned, Is.GreaterThan(10_000_000), "the scan read hardly any memory");
        return [.. found];
    }

    /// <summary>
    /// Finds what an action left behind. It runs deep on the stack of a thread that then waits, so that nothing overwrites
    /// its dead frames; twice, so that the second run is not followed by the compiler's. What it returns is disposed on
    /// this thread before the scan.
    /// </summary>
    /// <param name="action">The action; its result owns the secrets.</param>
    /// <param name="secrets">Says what to look for, after the action and before its result is disposed.</param>
    public static IReadOnlyList<string> FindAfter(Func<IDisposable?> action, Func<MaskedSecret[]> secrets)
    {
        using ManualResetEventSlim done = new();
        using ManualResetEventSlim release = new();
        IDisposable? owner = null;
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                RunDeep(action)?.Dispose();
                owner = RunDeep(action);
            }
            catch (Exception e)
            {
                failure = e;
            }

            done.Set();
            release.Wait();
        });
        thread.Start();
        done.Wait();
        try
        {
            if (failure is not null)
            {
                throw new InvalidOperationException("The action failed.", failure);
            }

            MaskedSecret[] wanted = secrets();
            owner?.Dispose();
            return Find(wanted);
        }
        finally
        {
            release.Set();
            thread.Join();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IDisposable? RunDeep(Func<IDisposable?> action)
    {
        Span<byte> padding = stackalloc byte[64 * 1024];
        padding[^1] = 1;
        return action();
    }

    private static List<(long Start, long End)> WritableMappings()
    {
        List<(long, long)> mappings = [];
        foreach (string line in File.ReadAllLines("/proc/self/maps"))
        {
            string[] parts = line.Split(' ', 3);
            if (parts[1].StartsWith("rw", StringComparison.Ordinal))
            {
                string[] range = parts[0].Split('-');
                mappings.Add((Hex(range[0]), Hex(range[1])));
            }
        }

        return mappings;

        static long Hex(string text) => long.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private static int Read(Microsoft.Win32.SafeHandles.SafeFileHandle memory, long at, Span<byte> buffer)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int read;
            try
            {
                read = RandomAccess.Read(memory, buffer[total..], at + total);
            }
            catch (IOException)
            {
                // The mapping is gone, or this page of it cannot be read; the pages after it may be.
                read = 0;
            }

            if (read == 0)
            {
                int next = (total + PageSize) & ~(PageSize - 1);
                total = Math.Min(next, buffer.Length);
            }
            else
            {
                total += read;
            }
        }

        return total;
    }

    /// <summary>A secret of 32 bytes (or 16 at least) that never lies in memory in clear because of the scanner.</summary>
    internal sealed class MaskedSecret
    {
        private const byte Mask = 0xA5;
        private readonly byte[] masked;

        /// <summary>Masks a copy; the caller zeroes the clear bytes.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        public MaskedSecret(string name, ReadOnlySpan<byte> secret)
        {
            Name = name;
            masked = new byte[secret.Length];
            for (int i = 0; i < masked.Length; i++)
            {
                masked[i] = (byte)(secret[i] ^ Mask);
            }
        }

        private MaskedSecret(string name, byte[] masked)
        {
            Name = name;
            this.masked = masked;
        }

        public string Name { get; }

        public int Length => masked.Length;

        /// <summary>A random secret that does not exist in clear until <see cref="Reveal"/>.</summary>
        public static MaskedSecret Random(string name, int length = 32) => new(name, masked: RandomNumberGenerator.GetBytes(length));

        /// <summary>A secret from a published vector.</summary>
        public static MaskedSecret FromHex(string name, string hex)
        {
            byte[] masked = new byte[hex.Length / 2];
            for (int i = 0; i < masked.Length; i++)
            {
                masked[i] = (byte)(byte.Parse(hex.AsSpan(2 * i, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) ^ Mask);
            }

            return new MaskedSecret(name, masked);
        }

        /// <summary>Writes the clear secret; the caller zeroes it.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        public void Reveal(Span<byte> destination)
        {
            for (int i = 0; i < masked.Length; i++)
            {
                destination[i] = (byte)(masked[i] ^ Mask);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        public bool IsIn(ReadOnlySpan<byte> memory, long address, long excluded, int excludedLength)
        {
            int half = masked.Length / 2;
            return IsIn(memory, masked.AsSpan(0, half), address, excluded, excludedLength)
                || IsIn(memory, masked.AsSpan(half), address, excluded, excludedLength);
        }

        private static bool IsIn(ReadOnlySpan<byte> memory, ReadOnlySpan<byte> pattern, long address, long excluded, int excludedLength)
        {
            byte first = (byte)(pattern[0] ^ Mask);
            byte second = (byte)(pattern[1] ^ Mask);
            ReadOnlySpan<byte> start = [first, second];
            int at = 0;
            while (memory[at..].IndexOf(start) is >= 0 and int step)
            {
                at += step;
                long found = address + at;
                if (Matches(memory[at..], pattern) && (found < excluded || found >= excluded + excludedLength))
                {
                    return true;
                }

                at++;
            }

            return false;
        }

        private static bool Matches(ReadOnlySpan<byte> memory, ReadOnlySpan<byte> pattern)
        {
            if (memory.Length < pattern.Length)
            {
                return false;
            }

            for (int i = 0; i < pattern.Length; i++)
            {
                if ((byte)(memory[i] ^ Mask) != pattern[i])
                {
                    return false;
                }
            }

            return true;
        }
    }
}
