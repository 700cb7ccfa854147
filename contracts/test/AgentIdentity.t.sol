// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {AgentIdentity} from "../src/AgentIdentity.sol";

/// A wallet that is a contract: agrees to what its keeper signed by setting `agreed`.
contract Wallet1271 {
    bytes32 public agreed;

    function agree(bytes32 digest) external {
        agreed = digest;
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        return digest == agreed ? bytes4(0x1626ba7e) : bytes4(0);
    }
}

contract AgentIdentityTest is Test {
    AgentIdentity private identity;
    address private owner = makeAddr("owner");
    address private other = makeAddr("other");
    uint256 private agentId;

    function setUp() public {
        vm.warp(1_800_000_000);
        identity = new AgentIdentity();
        vm.prank(other);
        assertEq(identity.register(), 0);
        vm.prank(owner);
        agentId = identity.register("ipfs://a");
    }

    /// The numbers of the public deployments, so that one client reads both.
    function test_SelectorsAreThoseOfErc8004() public pure {
        assertEq(bytes4(keccak256("register()")), bytes4(0x1aa3a008));
        assertEq(bytes4(keccak256("register(string)")), bytes4(0xf2c298be));
        assertEq(bytes4(keccak256("register(string,(string,bytes)[])")), bytes4(0x8ea42286));
        assertEq(AgentIdentity.setAgentURI.selector, bytes4(0x0af28bd3));
        assertEq(AgentIdentity.getMetadata.selector, bytes4(0xcb4799f2));
        assertEq(AgentIdentity.setMetadata.selector, bytes4(0x466648da));
        assertEq(AgentIdentity.getAgentWallet.selector, bytes4(0x00339509));
        assertEq(AgentIdentity.setAgentWallet.selector, bytes4(0x2d1ef5ae));
        assertEq(AgentIdentity.unsetAgentWallet.selector, bytes4(0x3fddcf19));
        assertEq(AgentIdentity.isAuthorizedOrOwner.selector, bytes4(0xd95e72be));
    }

    /// Called by number, not by name: the functions behind the selectors are there.
    function test_TheFunctionsAnswerToTheirSelectors() public {
        assertEq(abi.decode(call(abi.encodeWithSelector(0x1aa3a008)), (uint256)), 2);
        assertEq(abi.decode(call(abi.encodeWithSelector(0xf2c298be, "x")), (uint256)), 3);
        assertEq(
            abi.decode(call(abi.encodeWithSelector(0x8ea42286, "y", new AgentIdentity.MetadataEntry[](0))), (uint256)),
            4
        );
        assertEq(abi.decode(call(abi.encodeWithSelector(0xc87b56dd, 4)), (string)), "y");
        assertEq(abi.decode(call(abi.encodeWithSelector(0x6352211e, 4)), (address)), address(this));
        assertTrue(abi.decode(call(abi.encodeWithSelector(0xd95e72be, address(this), 4)), (bool)));
    }

    function test_TopicsAndTypeHashAreThoseOfErc8004() public view {
        assertEq(AgentIdentity.Registered.selector, 0xca52e62c367d81bb2e328eb795f7c7ba24afb478408a26c0e201d155c449bc4a);
        assertEq(AgentIdentity.URIUpdated.selector, 0x3a2c7fffc2cba7582c690e3b82c453ea02a308326a98a3ad7576c606336409fb);
        assertEq(AgentIdentity.MetadataSet.selector, 0x2c149ed548c6d2993cd73efe187df6eccabe4538091b33adbd25fafdb8a1468b);
        assertEq(
            identity.AGENT_WALLET_SET_TYPEHASH(), 0x678b53cd718d595370ab070ebf48edfdcd834beac116bf23e625fc7f4d5b7d32
        );
        (, string memory name, string memory version, uint256 chainId, address contract_,,) = identity.eip712Domain();
        assertEq(name, "ERC8004IdentityRegistry");
        assertEq(version, "1");
        assertEq(chainId, block.chainid);
        assertEq(contract_, address(identity));
        assertEq(identity.name(), "AgentIdentity");
        assertEq(identity.symbol(), "AGENT");
        assertTrue(identity.supportsInterface(0x80ac58cd)); // ERC-721
        assertTrue(identity.supportsInterface(0x5b5e139f)); // ERC-721 metadata
        assertFalse(identity.supportsInterface(0xffffffff));
    }

    function test_RegistrationCountsFromZeroAndSaysSo() public {
        AgentIdentity.MetadataEntry[] memory metadata = new AgentIdentity.MetadataEntry[](1);
        metadata[0] = AgentIdentity.MetadataEntry("colour", hex"0102");
        vm.expectEmit(address(identity));
        emit AgentIdentity.Registered(2, "ipfs://b", owner);
        vm.expectEmit(address(identity));
        emit AgentIdentity.MetadataSet(2, "colour", "colour", hex"0102");
        vm.prank(owner);
        assertEq(identity.register("ipfs://b", metadata), 2);
        assertEq(identity.ownerOf(2), owner);
        assertEq(identity.tokenURI(2), "ipfs://b");
        assertEq(identity.getMetadata(2, "colour"), hex"0102");
        assertEq(identity.getMetadata(2, "none"), "");
        assertEq(identity.getAgentWallet(2), owner);
        assertEq(identity.tokenURI(0), "");
    }

    function test_TheReservedNameIsRefusedEverywhere() public {
        AgentIdentity.MetadataEntry[] memory metadata = new AgentIdentity.MetadataEntry[](1);
        metadata[0] = AgentIdentity.MetadataEntry("agentWallet", abi.encodePacked(other));
        vm.startPrank(owner);
        vm.expectRevert(AgentIdentity.ReservedMetadataKey.selector);
        identity.register("", metadata);
        vm.expectRevert(AgentIdentity.ReservedMetadataKey.selector);
        identity.setMetadata(agentId, "agentWallet", abi.encodePacked(other));
    }

    function test_OwnerOperatorAndApprovedMayWriteAndNobodyElse() public {
        bytes memory refused = abi.encodeWithSelector(AgentIdentity.NotAuthorized.selector, agentId, other);
        vm.startPrank(other);
        vm.expectRevert(refused);
        identity.setAgentURI(agentId, "x");
        vm.expectRevert(refused);
        identity.setMetadata(agentId, "k", "v");
        vm.expectRevert(refused);
        identity.unsetAgentWallet(agentId);
        vm.expectRevert(refused);
        identity.setAgentWallet(agentId, other, block.timestamp, "");
        vm.stopPrank();
        assertFalse(identity.isAuthorizedOrOwner(other, agentId));
        assertTrue(identity.isAuthorizedOrOwner(owner, agentId));

        vm.prank(owner);
        identity.approve(other, agentId);
        assertTrue(identity.isAuthorizedOrOwner(other, agentId));
        vm.expectEmit(address(identity));
        emit AgentIdentity.URIUpdated(agentId, "ipfs://c", other);
        vm.prank(other);
        identity.setAgentURI(agentId, "ipfs://c");
        assertEq(identity.tokenURI(agentId), "ipfs://c");

        vm.startPrank(owner);
        identity.approve(address(0), agentId);
        identity.setApprovalForAll(other, true);
        vm.stopPrank();
        vm.prank(other);
        identity.setMetadata(agentId, "k", "v");
        assertEq(identity.getMetadata(agentId, "k"), "v");
    }

    function test_AnAgentThatDoesNotExistReverts() public {
        bytes memory expected = abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 9);
        vm.expectRevert(expected);
        identity.getAgentWallet(9);
        vm.expectRevert(expected);
        identity.isAuthorizedOrOwner(owner, 9);
        vm.expectRevert(expected);
        identity.setMetadata(9, "k", "v");
    }

    function testFuzz_AWalletAgreesByItsSignature(uint256 secret, uint256 delay) public {
        secret = boundPrivateKey(secret);
        uint256 deadline = block.timestamp + bound(delay, 0, 300);
        address wallet = vm.addr(secret);
        bytes memory signature = sign(secret, digest(agentId, wallet, owner, deadline));
        vm.startPrank(owner);
        vm.expectEmit(address(identity));
        emit AgentIdentity.MetadataSet(agentId, "agentWallet", "agentWallet", abi.encodePacked(wallet));
        identity.setAgentWallet(agentId, wallet, deadline, signature);
        assertEq(identity.getAgentWallet(agentId), wallet);
        assertEq(identity.getMetadata(agentId, "agentWallet"), abi.encodePacked(wallet));
        identity.unsetAgentWallet(agentId);
        assertEq(identity.getAgentWallet(agentId), address(0));
        assertEq(identity.getMetadata(agentId, "agentWallet"), "");
    }

    function testFuzz_AWalletsSignatureIsForThatAgentOwnerAndDeadline(uint256 secret) public {
        secret = boundPrivateKey(secret);
        address wallet = vm.addr(secret);
        uint256 deadline = block.timestamp + 60;
        refuse(wallet, deadline, sign(secret, digest(agentId + 1, wallet, owner, deadline)));
        refuse(wallet, deadline, sign(secret, digest(agentId, wallet, other, deadline)));
        refuse(wallet, deadline, sign(secret, digest(agentId, wallet, owner, deadline + 1)));
        refuse(wallet, deadline, sign(secret, digest(agentId, owner, owner, deadline)));
        refuse(wallet, deadline, "");
    }

    function test_TheDeadlineIsAtMost300SecondsAhead() public {
        (address wallet, uint256 secret) = makeAddrAndKey("wallet");
        for (uint256 i; i < 2; i++) {
            uint256 deadline = i == 0 ? block.timestamp - 1 : block.timestamp + 301;
            bytes memory signature = sign(secret, digest(agentId, wallet, owner, deadline));
            vm.prank(owner);
            vm.expectRevert(abi.encodeWithSelector(AgentIdentity.InvalidDeadline.selector, deadline));
            identity.setAgentWallet(agentId, wallet, deadline, signature);
        }
        vm.prank(owner);
        vm.expectRevert(AgentIdentity.InvalidWallet.selector);
        identity.setAgentWallet(agentId, address(0), block.timestamp, "");
        assertEq(identity.MAX_DEADLINE_DELAY(), 300);
    }

    function test_AContractWalletAgreesByErc1271() public {
        Wallet1271 wallet = new Wallet1271();
        refuse(address(wallet), block.timestamp, "");
        wallet.agree(digest(agentId, address(wallet), owner, block.timestamp));
        vm.prank(owner);
        identity.setAgentWallet(agentId, address(wallet), block.timestamp, "");
        assertEq(identity.getAgentWallet(agentId), address(wallet));
    }

    function test_ATransferTakesTheWalletAway() public {
        vm.expectEmit(address(identity));
        emit AgentIdentity.MetadataSet(agentId, "agentWallet", "agentWallet", "");
        vm.prank(owner);
        identity.transferFrom(owner, other, agentId);
        assertEq(identity.getAgentWallet(agentId), address(0));
        assertEq(identity.getMetadata(agentId, "agentWallet"), "");
    }

    function onERC721Received(address, address, uint256, bytes calldata) external pure returns (bytes4) {
        return this.onERC721Received.selector;
    }

    function call(bytes memory data) private returns (bytes memory answer) {
        bool done;
        (done, answer) = address(identity).call(data);
        assertTrue(done);
    }

    function refuse(address wallet, uint256 deadline, bytes memory signature) private {
        vm.prank(owner);
        vm.expectRevert(AgentIdentity.InvalidWalletSignature.selector);
        identity.setAgentWallet(agentId, wallet, deadline, signature);
    }

    function digest(uint256 agent, address wallet, address who, uint256 deadline) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("ERC8004IdentityRegistry"),
                keccak256("1"),
                block.chainid,
                address(identity)
            )
        );
        bytes32 typeHash = 0x678b53cd718d595370ab070ebf48edfdcd834beac116bf23e625fc7f4d5b7d32;
        return
            keccak256(
                abi.encodePacked(hex"1901", domain, keccak256(abi.encode(typeHash, agent, wallet, who, deadline)))
            );
    }

    function sign(uint256 secret, bytes32 hash) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(secret, hash);
        return abi.encodePacked(r, s, v);
    }
}
