using System.Net;

namespace Sage.Crypto.Tests.Unit.Network;

public sealed class EndpointPolicyTests
{
    [TestCase("8.8.8.8")]
    [TestCase("100.63.255.255")]
    [TestCase("100.128.0.0")]
    [TestCase("172.15.255.255")]
    [TestCase("172.32.0.0")]
    [TestCase("223.255.255.255")]
    [TestCase("2606:4700::1111")]
    [TestCase("::ffff:8.8.8.8")]
    [TestCase("64:ff9b::808:808")]
    public void A_public_address_is_allowed(string address) =>
        Assert.That(EndpointPolicy.Public.Allows(IPAddress.Parse(address)), Is.True);

    [TestCase("0.0.0.0")]
    [TestCase("0.1.2.3")]
    [TestCase("10.0.0.1")]
    [TestCase("100.64.0.1")]
    [TestCase("100.127.255.255")]
    [TestCase("169.254.169.254")]
    [TestCase("172.16.0.1")]
    [TestCase("172.31.255.255")]
    [TestCase("192.0.0.1")]
    [TestCase("192.0.2.1")]
    [TestCase("192.88.99.1")]
    [TestCase("192.168.1.1")]
    [TestCase("198.18.0.1")]
    [TestCase("198.51.100.1")]
    [TestCase("203.0.113.1")]
    [TestCase("224.0.0.1")]
    [TestCase("239.255.255.255")]
    [TestCase("240.0.0.1")]
    [TestCase("255.255.255.255")]
    [TestCase("::")]
    [TestCase("::ffff:10.0.0.1")]
    [TestCase("::ffff:169.254.169.254")]
    [TestCase("::10.0.0.1")]
    [TestCase("64:ff9b::a00:1")]
    [TestCase("64:ff9b:1::1")]
    [TestCase("fe80::1")]
    [TestCase("fec0::1")]
    [TestCase("fc00::1")]
    [TestCase("fd12:3456::1")]
    [TestCase("ff02::1")]
    [TestCase("100::1")]
    [TestCase("2001::1")]
    [TestCase("2001:db8::1")]
    [TestCase("2002:a00:1::")]
    [TestCase("3fff::1")]
    [TestCase("5f00::1")]
    public void A_special_address_is_refused_even_when_loopback_is_allowed(string address) =>
        Assert.That(new EndpointPolicy { AllowLoopback = true, AllowHttp = true }.Allows(IPAddress.Parse(address)), Is.False);

    [TestCase("127.0.0.1")]
    [TestCase("127.255.255.254")]
    [TestCase("::1")]
    [TestCase("::ffff:127.0.0.1")]
    [TestCase("64:ff9b::7f00:1")]
    public void Loopback_needs_the_option(string address)
    {
        Assert.That(EndpointPolicy.Public.Allows(IPAddress.Parse(address)), Is.False);
        Assert.That(new EndpointPolicy { AllowLoopback = true }.Allows(IPAddress.Parse(address)), Is.True);
    }

    [TestCase("https://agent.example")]
    [TestCase("https://agent.example:8443/a/b")]
    [TestCase("https://8.8.8.8/")]
    [TestCase("https://[2606:4700::1111]/")]
    public void A_plain_https_url_is_allowed(string url) => Assert.That(EndpointPolicy.Public.Allows(new Uri(url)), Is.True);

    [TestCase("http://agent.example")]
    [TestCase("ftp://agent.example")]
    [TestCase("file:///etc/passwd")]
    [TestCase("https://user:password@agent.example")]
    [TestCase("https://agent.example/?query")]
    [TestCase("https://agent.example/#fragment")]
    [TestCase("https://127.0.0.1/")]
    [TestCase("https://[::1]/")]
    [TestCase("https://[::ffff:10.0.0.1]/")]
    [TestCase("https://2130706433/")]
    [TestCase("https://0x7f.1/")]
    public void Another_url_is_refused(string url) => Assert.That(EndpointPolicy.Public.Allows(new Uri(url)), Is.False);

    [Test]
    public void A_relative_url_is_refused() => Assert.That(EndpointPolicy.Public.Allows(new Uri("/messages", UriKind.Relative)), Is.False);

    [Test]
    public void Plain_http_needs_the_option() =>
        Assert.That(new EndpointPolicy { AllowHttp = true }.Allows(new Uri("http://agent.example/")), Is.True);
}
