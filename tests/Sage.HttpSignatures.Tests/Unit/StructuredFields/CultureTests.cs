using System.Globalization;
using System.Text.RegularExpressions;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.HttpSignatures.Tests.Unit.StructuredFields;

/// <summary>The data of real cultures may be missing, so one is made that spoils whatever asks for the current culture.</summary>
[TestFixture]
internal sealed partial class CultureTests
{
    [Test]
    public void Another_culture_changes_nothing()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo strange = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        strange.NumberFormat.NegativeSign = "minus";
        strange.NumberFormat.NumberDecimalSeparator = ",";
        strange.NumberFormat.NumberGroupSeparator = ".";
        const string Text = "-1.5;i=-12345, @-62135596800, (I i \"I\"), 1234567.125";
        try
        {
            CultureInfo.CurrentCulture = strange;
            Assert.That($"{-1.5m}", Is.EqualTo("minus1,5"), "the culture is in force");
            Assert.That(StructuredField.TryParse(StructuredFieldType.List, Text, out StructuredField? field));
            Assert.That(field!.Serialize(), Is.EqualTo(Text));
            Assert.That(field[0].TryGetDecimal(out StructuredDecimal number) && number.Thousandths == -1500);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Test]
    public void The_code_asks_for_no_culture()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Sage.sln")))
        {
            root = root.Parent;
        }

        string[] files = Directory.GetFiles(Path.Combine(root!.FullName, "src", "Sage.HttpSignatures", "StructuredFields"), "*.cs");

        Assert.That(files, Is.Not.Empty);
        Assert.That(files.Where(file => CultureApi().IsMatch(File.ReadAllText(file))).Select(Path.GetFileName), Is.Empty);
    }

    [GeneratedRegex(@"CurrentCulture|CurrentUICulture|CompareInfo|TextInfo|\.To(Upper|Lower)\(|char\.Is(Letter|Digit|Upper|Lower|WhiteSpace)\(|\b(long|int|decimal|double)\.(Try)?Parse\(")]
    private static partial Regex CultureApi();
}
