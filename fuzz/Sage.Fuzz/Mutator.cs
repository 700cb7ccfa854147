using System.Text;

namespace Sage.Fuzz;

/// <summary>Makes new inputs from old ones, without looking at what they do. Bounded in length.</summary>
internal sealed class Mutator(FuzzTarget target, IReadOnlyList<byte[]> corpus, Xorshift random)
{
    public const int MaximumLength = 16 * 1024;

    private static readonly byte[] Interesting = [0, 1, 9, 10, 13, 31, 32, 34, 43, 45, 47, 58, 61, 92, 95, 123, 124, 125, 127, 128, 192, 237, 239, 255];

    private static readonly string[] Numbers = ["0", "-0", "1", "-1", "256", "1000", "65535", "4294967296", "9223372036854775808", "1e400", "1E-7", "0.1"];

    private readonly byte[][] dictionary = [.. target.Dictionary.Concat(Numbers).Select(Encoding.UTF8.GetBytes)];

    public byte[] Next()
    {
        List<byte> input = corpus.Count == 0 ? [] : [.. corpus[random.Below(corpus.Count)]];
        for (int rounds = 1 + random.Below(5); rounds > 0; rounds--)
        {
            Mutate(input);
        }

        if (input.Count > MaximumLength)
        {
            input.RemoveRange(MaximumLength, input.Count - MaximumLength);
        }

        return [.. input];
    }

    private void Mutate(List<byte> input)
    {
        switch (random.Below(9))
        {
            case 0 when input.Count > 0:
                int flipped = random.Below(input.Count);
                input[flipped] ^= (byte)(1 << random.Below(8));
                break;
            case 1 when input.Count > 0:
                input[random.Below(input.Count)] = Interesting[random.Below(Interesting.Length)];
                break;
            case 2 when input.Count > 0:
                (int start, int length) = Range(input);
                input.RemoveRange(start, length);
                break;
            case 3 when input.Count is > 0 and < MaximumLength:
                (start, length) = Range(input);
                byte[] copy = [.. input.GetRange(start, length)];
                for (int times = 1 + random.Below(random.Below(8) == 0 ? 100 : 3); times > 0 && input.Count < MaximumLength; times--)
                {
                    input.InsertRange(start, copy);
                }

                break;
            case 4:
                input.InsertRange(random.Below(input.Count + 1), dictionary[random.Below(dictionary.Length)]);
                break;
            case 5:
                byte[] token = dictionary[random.Below(dictionary.Length)];
                int at = random.Below(input.Count + 1);
                input.RemoveRange(at, Math.Min(token.Length, input.Count - at));
                input.InsertRange(at, token);
                break;
            case 6 when corpus.Count > 0:
                byte[] other = corpus[random.Below(corpus.Count)];
                int keep = random.Below(input.Count + 1);
                input.RemoveRange(keep, input.Count - keep);
                input.AddRange(other[random.Below(other.Length + 1)..]);
                break;
            case 7:
                input.Insert(random.Below(input.Count + 1), (byte)random.Below(256));
                break;
            default:
                if (input.Count > 0)
                {
                    int end = random.Below(input.Count + 1);
                    input.RemoveRange(end, input.Count - end);
                }

                break;
        }
    }

    private (int Start, int Length) Range(List<byte> input)
    {
        int start = random.Below(input.Count);
        return (start, 1 + random.Below(Math.Min(input.Count - start, 64)));
    }
}
