namespace Sage.HttpSignatures.Tests.Unit;

/// <summary>Components that RFC 9421 §2 does not define, that the message does not have, or whose value cannot be signed.</summary>
[TestFixture]
internal sealed class ComponentErrorTests
{
    private static readonly SignaturePolicy Any = Vectors.Relaxed.Policy;

    [TestCase("\"@unknown\"", SignatureError.UnknownComponent)]
    [TestCase("\"@METHOD\"", SignatureError.UnknownComponent)]
    [TestCase("\"@signature-params\"", SignatureError.UnknownComponent)]
    [TestCase("\"@query-params\"", SignatureError.UnknownComponent)]
    [TestCase("\"@\"", SignatureError.UnknownComponent)]
    [TestCase("\"\"", SignatureError.UnknownComponent)]
    [TestCase("\"Content-Type\"", SignatureError.UnknownComponent)]
    [TestCase("\"x y\"", SignatureError.UnknownComponent)]
    [TestCase("\"x:y\"", SignatureError.UnknownComponent)]
    [TestCase("\"x\\\"y\"", SignatureError.UnknownComponent)]
    [TestCase("x", SignatureError.UnknownComponent)]
    [TestCase("1", SignatureError.UnknownComponent)]
    [TestCase(":eA==:", SignatureError.UnknownComponent)]
    [TestCase("\"x\";unknown", SignatureError.InvalidComponentParameter)]
    [TestCase("\"x\";SF", SignatureError.MalformedSignatureInput)]
    [TestCase("\"@method\";unknown", SignatureError.InvalidComponentParameter)]
    [TestCase("\"@method\";req", SignatureError.InvalidComponentParameter)]
    [TestCase("\"x\";req", SignatureError.InvalidComponentParameter)]
    [TestCase("\"x\";req=?1", SignatureError.InvalidComponentParameter)]
    [TestCase("\"x\";sf=?0", SignatureError.InvalidComponentParameter)]
    [TestCase("\"x\";sf=1", SignatureError.InvalidComponentParameter)]
    [TestCase("\"x\";bs;sf", SignatureError.InvalidComponentParameter)]
    [TestCase("\"x\";bs;key=\"a\"", SignatureError.InvalidComponentParameter)]
    [TestCase("\"x\";key", SignatureError.InvalidComponentParameter)]
    [TestCase("\"x\";key=a", SignatureError.InvalidComponentParameter)]
    [TestCase("\"x\";name=\"a\"", SignatureError.InvalidComponentParameter)]
    [TestCase("\"@method\";sf", SignatureError.InvalidComponentParameter)]
    [TestCase("\"@method\";key=\"a\"", SignatureError.InvalidComponentParameter)]
    [TestCase("\"@method\";bs", SignatureError.InvalidComponentParameter)]
    [TestCase("\"@method\";tr", SignatureError.InvalidComponentParameter)]
    [TestCase("\"@method\";name=\"a\"", SignatureError.InvalidComponentParameter)]
    [TestCase("\"@query-param\"", SignatureError.InvalidComponentParameter)]
    [TestCase("\"@query-param\";name", SignatureError.InvalidComponentParameter)]
    [TestCase("\"@query-param\";name=x", SignatureError.InvalidComponentParameter)]
    [TestCase("\"@status\";req", SignatureError.InvalidComponentParameter)]
    [TestCase("\"@status\"", SignatureError.ComponentMissing)]
    [TestCase("\"x\" \"x\"", SignatureError.DuplicateComponent)]
    [TestCase("\"@method\" \"@path\" \"@method\"", SignatureError.DuplicateComponent)]
    [TestCase("\"x\";sf;tr \"x\";tr;sf", SignatureError.DuplicateComponent)]
    [TestCase("\"@query-param\";name=\"x\" \"@query-param\";name=\"x\"", SignatureError.DuplicateComponent)]
    [TestCase("\"absent\"", SignatureError.ComponentMissing)]
    [TestCase("\"absent\";sf", SignatureError.ComponentMissing)]
    [TestCase("\"absent\";bs", SignatureError.ComponentMissing)]
    [TestCase("\"absent\";key=\"a\"", SignatureError.ComponentMissing)]
    [TestCase("\"absent\";tr", SignatureError.ComponentMissing)]
    [TestCase("\"dict\";tr", SignatureError.ComponentMissing)]
    [TestCase("\"dict\";key=\"z\"", SignatureError.ComponentMissing)]
    [TestCase("\"twice\";key=\"a\"", SignatureError.InvalidComponentValue)]
    [TestCase("\"plain\";key=\"a\"", SignatureError.InvalidComponentValue)]
    [TestCase("\"priority\";sf", SignatureError.InvalidComponentValue)]
    [TestCase("\"dict\";sf", SignatureError.UnknownStructuredField)]
    [TestCase("\"latin\"", SignatureError.InvalidComponentValue)]
    [TestCase("\"cr\"", SignatureError.InvalidComponentValue)]
    [TestCase("\"lf\"", SignatureError.InvalidComponentValue)]
    [TestCase("\"nul\"", SignatureError.InvalidComponentValue)]
    [TestCase("\"injection\"", SignatureError.InvalidComponentValue)]
    [TestCase("\"@query-param\";name=\"absent\"", SignatureError.ComponentMissing)]
    [TestCase("\"@query-param\";name=\"q\"", SignatureError.AmbiguousQueryParam)]
    [TestCase("\"@query-param\";name=\"%71\"", SignatureError.ComponentMissing)]
    [TestCase("\"large\" \"large\";bs \"large\";tr", SignatureError.SignatureBaseTooLarge)]
    public async Task A_component_that_cannot_be_covered_is_refused(string covered, SignatureError expected)
    {
        TestMessage message = TestMessage.Get("/p?q=1&%71=2&x=3")
            .Add("Dict", "a=1, b")
            .Add("Twice", "a=1, a=2")
            .Add("Plain", "not a dictionary!")
            .Add("Priority", "u=")
            .Add("Latin", "caf\u00e9")
            .Add("Cr", "a\rb")
            .Add("Lf", "a\nb")
            .Add("Nul", "a\0b")
            .Add("Injection", "a\n\"@method\": DELETE")
            .Add("Large", new string('a', 60_000));
        message.Trailers.Add(("Large", new string('b', 60_000)));

        Assert.That(await Bench.ClaimAsync(message, $"({covered}){Bench.Good}", Any), Is.EqualTo(expected));
    }

    [TestCase("\"@method\"", SignatureError.ComponentMissing)]
    [TestCase("\"@target-uri\"", SignatureError.ComponentMissing)]
    [TestCase("\"@authority\"", SignatureError.ComponentMissing)]
    [TestCase("\"@query-param\";name=\"x\"", SignatureError.ComponentMissing)]
    [TestCase("\"@status\";req", SignatureError.InvalidComponentParameter)]
    [TestCase("\"@status\" \"@status\"", SignatureError.DuplicateComponent)]
    [TestCase("\"content-type\";req;sf \"content-type\";sf;req", SignatureError.DuplicateComponent)]
    [TestCase("\"absent\";req", SignatureError.ComponentMissing)]
    [TestCase("\"@method\";req=?1", SignatureError.InvalidComponentParameter)]
    public async Task A_component_that_a_response_cannot_cover_is_refused(string covered, SignatureError expected) =>
        Assert.That(await Bench.ClaimAsync(TestMessage.Answer(TestMessage.Json()), $"({covered}){Bench.Good}", Any), Is.EqualTo(expected));

    [TestCase("\"@method\";req")]
    [TestCase("\"content-type\";req")]
    public async Task Without_its_request_a_response_covers_nothing_of_it(string covered) =>
        Assert.That(await Bench.ClaimAsync(TestMessage.Answer(null), $"({covered}){Bench.Good}", Any), Is.EqualTo(SignatureError.ComponentMissing));

    [TestCase("GE T\n", "https", "a.example", "/", "\"@method\"")]
    [TestCase("GET", "ht\ntps", "a.example", "/", "\"@scheme\"")]
    [TestCase("GET", "https", "a.exa\nmple", "/", "\"@authority\"")]
    [TestCase("GET", "https", "caf\u00e9.example", "/", "\"@authority\"")]
    [TestCase("GET", "https", "a.example", "/\n\"x\": y", "\"@path\"")]
    [TestCase("GET", "https", "a.example", "/?\n", "\"@query\"")]
    [TestCase("GET", "https", "a.example", "/\u00e9", "\"@request-target\"")]
    [TestCase("GET", "https", "a.example", "/\r", "\"@target-uri\"")]
    public void Parts_of_a_request_cannot_break_the_lines(string method, string scheme, string authority, string target, string component)
    {
        TestMessage message = new() { Method = method, Scheme = scheme, Authority = authority, Target = target };

        Assert.That(message.ValueOf(component), Is.EqualTo("<InvalidComponentValue>"));
    }

    [TestCase("x", "x", "\"x\"")]
    [TestCase("X-SAGE-DID", "x-sage-did", "\"x-sage-did\"")]
    public void A_field_is_named_in_lower_case(string name, string lower, string identifier)
    {
        SignatureComponent component = SignatureComponent.Field(name);

        Assert.That((component.Name, component.Identifier), Is.EqualTo((lower, identifier)));
        Assert.That(component, Is.EqualTo(SignatureComponent.Parse(identifier)));
    }

    [Test]
    public void Components_are_made_only_of_what_the_RFC_defines()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => SignatureComponent.Field("@method"), Throws.ArgumentException);
            Assert.That(() => SignatureComponent.Field(""), Throws.ArgumentException);
            Assert.That(() => SignatureComponent.Field("a b"), Throws.ArgumentException);
            Assert.That(() => SignatureComponent.Field(new string('a', 129)), Throws.ArgumentException);
            Assert.That(() => SignatureComponent.Field("a").DictionaryMember("A"), Throws.ArgumentException);
            Assert.That(() => SignatureComponent.Field("a").FromRequest().FromRequest(), Throws.InvalidOperationException);
            Assert.That(() => SignatureComponent.Status.FromRequest(), Throws.InvalidOperationException);
            Assert.That(() => SignatureComponent.Method.AsStructuredField(), Throws.InvalidOperationException);
            Assert.That(() => SignatureComponent.Method.FromTrailers(), Throws.InvalidOperationException);
            Assert.That(() => SignatureComponent.Field("a").AsByteSequences().AsStructuredField(), Throws.InvalidOperationException);
            Assert.That(() => SignatureComponent.Parse("\"a\"; req"), Throws.InstanceOf<FormatException>());
            Assert.That(() => SignatureComponent.Parse("a"), Throws.InstanceOf<FormatException>());
        }
    }

    [Test]
    public void The_order_of_parameters_makes_no_other_component()
    {
        SignatureComponent first = SignatureComponent.Parse("\"a\";sf;req");
        SignatureComponent second = SignatureComponent.Parse("\"a\";req;sf");

        Assert.That(first, Is.EqualTo(second));
        Assert.That(first.GetHashCode(), Is.EqualTo(second.GetHashCode()));
        Assert.That(first.Identifier, Is.Not.EqualTo(second.Identifier));
        Assert.That(first, Is.Not.EqualTo(SignatureComponent.Parse("\"a\";sf")));
        Assert.That(SignatureComponent.Parse("\"a\";key=\"x\""), Is.Not.EqualTo(SignatureComponent.Parse("\"a\";key=\"y\"")));
    }
}
