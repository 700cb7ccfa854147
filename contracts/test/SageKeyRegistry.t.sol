// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SageKeyRegistry} from "../src/SageKeyRegistry.sol";
import {IAgentIdentity} from "../src/interfaces/IAgentIdentity.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {RegistryTest} from "./RegistryTest.sol";

contract SageKeyRegistryTest is RegistryTest {
    function test_AnIdentityWithoutCodeIsRefused() public {
        vm.expectRevert(abi.encodeWithSelector(SageKeyRegistry.NoIdentityRegistry.selector, owner));
        new SageKeyRegistry(IAgentIdentity(owner));
    }

    function test_AnAgentThatNeverWroteIsActiveAndHasNoKeys() public view {
        (address who, bool active, uint64 number, SageKeyRegistry.Key[] memory keys) = registry.resolve(agentId);
        assertEq(who, owner);
        assertTrue(active);
        assertEq(number, 0);
        assertEq(keys.length, 0);
        (,, uint32 epoch,) = registry.getAgent(agentId);
        assertEq(epoch, 0);
    }

    function test_AnAgentThatDoesNotExistReverts() public {
        bytes memory expected = abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 99);
        vm.expectRevert(expected);
        registry.resolve(99);
        vm.expectRevert(expected);
        registry.getAgent(99);
        vm.expectRevert(expected);
        registry.proofMessage(99, 1, 3, hex"02");
        vm.expectRevert(expected);
        registry.setActive(99, false);
    }

    /// forge-config: default.evm_version = "osaka"
    function test_FourKeyTypesAreResolvedInTheOrderTheyWereAdded() public {
        SageKeyRegistry.NewKey[] memory keys = new SageKeyRegistry.NewKey[](4);
        keys[0] = ed25519(registry, agentId, bytes32(uint256(7)), 3);
        keys[1] = secp256k1(registry, agentId, 8, 1);
        keys[2] = x25519(9);
        keys[3] = p256(registry, agentId, 10, 2);
        vm.prank(owner);
        registry.addKeys(agentId, keys);

        (address who, bool active, uint64 number, SageKeyRegistry.Key[] memory found) = registry.resolve(agentId);
        assertEq(who, owner);
        assertTrue(active);
        assertEq(number, 5); // the epoch and four keys
        assertEq(found.length, 4);
        for (uint256 i; i < 4; i++) {
            assertEq(found[i].keyId, registry.keyIdOf(keys[i].keyType, keys[i].publicKey));
            assertEq(found[i].keyType, keys[i].keyType);
            assertEq(found[i].purposes, keys[i].purposes);
            assertEq(found[i].publicKey, keys[i].publicKey);
            assertEq(found[i].epoch, 1);
            assertEq(found[i].addedAt, block.timestamp);
            assertEq(found[i].revokedAt, 0);
        }
        assertFalse(found[0].proven);
        assertEq(found[0].proof, keys[0].proof);
        assertTrue(found[1].proven);
        assertEq(found[1].proof, "");
        assertFalse(found[2].proven);
        assertEq(found[2].proof, "");
        assertTrue(found[3].proven);
        assertEq(found[3].proof, "");
    }

    function test_EachWriteEmitsItsEventWithTheNextVersion() public {
        SageKeyRegistry.NewKey memory key = secp256k1(registry, agentId, 8, 3);
        SageKeyRegistry.NewKey memory next = secp256k1(registry, agentId, 9, 3);
        bytes32 keyId = registry.keyIdOf(1, key.publicKey);
        bytes32 nextId = registry.keyIdOf(1, next.publicKey);

        vm.startPrank(owner);
        vm.expectEmit(address(registry));
        emit SageKeyRegistry.EpochStarted(agentId, owner, 1, 1);
        vm.expectEmit(address(registry));
        emit SageKeyRegistry.KeyAdded(agentId, keyId, 1, 3, true, 0, key.publicKey, key.proof, 2);
        registry.addKeys(agentId, one(key));

        vm.expectEmit(address(registry));
        emit SageKeyRegistry.KeyRevoked(agentId, keyId, 3);
        vm.expectEmit(address(registry));
        emit SageKeyRegistry.KeyAdded(agentId, nextId, 1, 3, true, 0, next.publicKey, next.proof, 4);
        registry.rotateKey(agentId, keyId, next);

        vm.expectEmit(address(registry));
        emit SageKeyRegistry.ActiveSet(agentId, false, 5);
        registry.setActive(agentId, false);

        vm.expectEmit(address(registry));
        emit SageKeyRegistry.EpochStarted(agentId, owner, 2, 6);
        registry.revokeAll(agentId);
    }

    function test_ARevokedKeyKeepsItsTombstone() public {
        bytes32 keyId = addSecp256k1(8);
        skip(100);
        vm.prank(owner);
        registry.revokeKey(agentId, keyId);
        SageKeyRegistry.Key memory key = registry.getKey(agentId, keyId);
        assertEq(key.addedAt, block.timestamp - 100);
        assertEq(key.revokedAt, block.timestamp);
        assertFalse(registry.isKeyActive(agentId, keyId));
        assertEq(listed().length, 0);

        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(SageKeyRegistry.KeyNotActive.selector, keyId));
        registry.revokeKey(agentId, keyId);
    }

    function test_TheLastKeyCanBeRevokedWhileTheAgentIsInactive() public {
        bytes32 keyId = addSecp256k1(8);
        vm.startPrank(owner);
        registry.setActive(agentId, false);
        registry.revokeKey(agentId, keyId);
        registry.setActive(agentId, true);
        vm.stopPrank();
        assertFalse(registry.isKeyActive(agentId, keyId));
        assertEq(listed().length, 0);
    }

    function test_AnotherAgentsKeyCannotBeRevoked() public {
        bytes32 keyId = addSecp256k1(8);
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(SageKeyRegistry.KeyNotActive.selector, keyId));
        registry.revokeKey(strangersAgentId, keyId);
        vm.expectRevert(abi.encodeWithSelector(SageKeyRegistry.NotAuthorized.selector, agentId, stranger));
        registry.revokeKey(agentId, keyId);
        vm.stopPrank();
        assertTrue(registry.isKeyActive(agentId, keyId));
    }

    function test_TwoAgentsMayListTheSameKey() public {
        bytes32 keyId = addSecp256k1(8);
        SageKeyRegistry.NewKey memory key = secp256k1(registry, strangersAgentId, 8, 3);
        vm.prank(stranger);
        registry.addKeys(strangersAgentId, one(key));
        assertTrue(registry.isKeyActive(strangersAgentId, keyId));
        assertTrue(registry.isKeyActive(agentId, keyId));
    }

    function test_RevokeAllEndsEveryKeyForGood() public {
        bytes32 first = addSecp256k1(8);
        bytes32 second = add(x25519(1));
        vm.prank(owner);
        registry.revokeAll(agentId);
        assertEq(listed().length, 0);
        assertFalse(registry.isKeyActive(agentId, first));
        assertFalse(registry.isKeyActive(agentId, second));
        assertEq(registry.getKey(agentId, first).epoch, 1);

        SageKeyRegistry.NewKey memory again = secp256k1(registry, agentId, 8, 3);
        vm.startPrank(owner);
        vm.expectRevert(abi.encodeWithSelector(SageKeyRegistry.KeyAlreadyKnown.selector, first));
        registry.addKeys(agentId, one(again));
        vm.expectRevert(abi.encodeWithSelector(SageKeyRegistry.KeyNotActive.selector, first));
        registry.revokeKey(agentId, first);
        vm.stopPrank();

        bytes32 third = addSecp256k1(9);
        assertEq(listed().length, 1);
        assertEq(listed()[0].epoch, 2);
        assertTrue(registry.isKeyActive(agentId, third));
    }

    function test_DeactivationEndsUseAndOnlyTheOwnerTakesItBack() public {
        bytes32 keyId = addSecp256k1(8);
        vm.prank(owner);
        registry.setActive(agentId, false);
        assertFalse(registry.isKeyActive(agentId, keyId));
        (, bool active,, SageKeyRegistry.Key[] memory keys) = registry.resolve(agentId);
        assertFalse(active);
        assertEq(keys.length, 1);

        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(SageKeyRegistry.NotAuthorized.selector, agentId, stranger));
        registry.setActive(agentId, true);

        vm.prank(owner);
        registry.setActive(agentId, true);
        assertTrue(registry.isKeyActive(agentId, keyId));
    }

    function test_AnAgentStaysInactiveInOtherHandsAndAfterRevokeAll() public {
        addSecp256k1(8);
        vm.startPrank(owner);
        registry.setActive(agentId, false);
        registry.revokeAll(agentId);
        (, bool active,,) = registry.resolve(agentId);
        assertFalse(active);
        identity.transferFrom(owner, other, agentId);
        vm.stopPrank();
        SageKeyRegistry.NewKey memory key = secp256k1(registry, agentId, 9, 3);
        vm.prank(other);
        registry.addKeys(agentId, one(key));
        (, active,,) = registry.resolve(agentId);
        assertFalse(active);
    }

    function test_RotationPutsTheNewKeyFirstAndKeepsTheOrderOfTheRest() public {
        bytes32 a = addSecp256k1(8);
        bytes32 b = addSecp256k1(9);
        bytes32 c = addSecp256k1(10);
        SageKeyRegistry.NewKey memory key = secp256k1(registry, agentId, 11, 3);
        vm.prank(owner);
        registry.rotateKey(agentId, b, key);
        assertOrder(registry.keyIdOf(1, key.publicKey), a, c);
        assertFalse(registry.isKeyActive(agentId, b));
    }

    function test_RotationWithoutAnOldKeyKeepsThemAll() public {
        bytes32 a = addSecp256k1(8);
        bytes32 b = addSecp256k1(9);
        SageKeyRegistry.NewKey memory key = secp256k1(registry, agentId, 11, 3);
        vm.prank(owner);
        registry.rotateKey(agentId, 0, key);
        assertOrder(registry.keyIdOf(1, key.publicKey), a, b);
        assertTrue(registry.isKeyActive(agentId, a));
    }

    function test_RevocationKeepsTheOrderOfTheRest() public {
        bytes32[5] memory ids;
        for (uint256 i; i < 5; i++) {
            ids[i] = addSecp256k1(8 + i);
        }
        vm.startPrank(owner);
        registry.revokeKey(agentId, ids[1]);
        registry.revokeKey(agentId, ids[4]);
        assertOrder(ids[0], ids[2], ids[3]);
    }

    function test_AFullAgentCanStillRotate() public {
        bytes32 first = addSecp256k1(100);
        for (uint256 i = 1; i < registry.MAX_KEYS(); i++) {
            addSecp256k1(100 + i);
        }
        SageKeyRegistry.NewKey memory key = secp256k1(registry, agentId, 11, 3);
        vm.startPrank(owner);
        vm.expectRevert(SageKeyRegistry.TooManyKeys.selector);
        registry.rotateKey(agentId, 0, key);
        registry.rotateKey(agentId, first, key);
        vm.stopPrank();
        assertEq(listed().length, 16);
        assertEq(listed()[0].publicKey, key.publicKey);
    }

    function test_OneBadKeyKeepsAllOut() public {
        SageKeyRegistry.NewKey[] memory keys = new SageKeyRegistry.NewKey[](2);
        keys[0] = secp256k1(registry, agentId, 8, 3);
        keys[1] = secp256k1(registry, agentId, 8, 3);
        vm.expectRevert(
            abi.encodeWithSelector(SageKeyRegistry.KeyAlreadyKnown.selector, registry.keyIdOf(1, keys[0].publicKey))
        );
        vm.prank(owner);
        registry.addKeys(agentId, keys);
        assertEq(version(), 0);
    }

    function test_ARotationWhoseNewKeyIsBadRevokesNothing() public {
        bytes32 keyId = addSecp256k1(8);
        SageKeyRegistry.NewKey memory bad = secp256k1(registry, strangersAgentId, 9, 3);
        vm.prank(owner);
        vm.expectRevert();
        registry.rotateKey(agentId, keyId, bad);
        assertTrue(registry.isKeyActive(agentId, keyId));
    }

    function test_AKeyThatWasNeverAddedIsUnknown() public {
        vm.expectRevert(abi.encodeWithSelector(SageKeyRegistry.KeyUnknown.selector, bytes32("k")));
        registry.getKey(agentId, "k");
        assertFalse(registry.isKeyActive(agentId, "k"));
    }

    function test_Ed25519ProofHas64BytesAndX25519None() public {
        SageKeyRegistry.NewKey memory key = ed25519(registry, agentId, bytes32(uint256(7)), 3);
        key.proof = abi.encodePacked(key.proof, hex"00");
        refuseProof(key);
        key.proof = "";
        refuseProof(key);
        key = x25519(1);
        key.proof = new bytes(64);
        refuseProof(key);
    }

    function test_Secp256k1WithoutAProofIsRefusedThoughItHas64Bytes() public {
        SageKeyRegistry.NewKey memory key = secp256k1(registry, agentId, 8, 3);
        key.proof = new bytes(64);
        refuseProof(key);
        key.proof = new bytes(65);
        refuseProof(key);
        key.proof = "";
        refuseProof(key);
    }

    function test_WhatTheReadersMustCheckIsThere() public {
        bytes32 keyId = add(ed25519(registry, agentId, bytes32(uint256(7)), 3));
        SageKeyRegistry.Key memory key = registry.getKey(agentId, keyId);
        bytes memory message = registry.proofMessage(agentId, key.keyType, key.purposes, key.publicKey);
        assertEq(message.length, 66);
        assertTrue(more.verifyEd25519(key.proof, "", message, abi.decode(key.publicKey, (bytes32))));
    }

    function test_KeysComeBackWithTheirOwnerUnlessSomebodyElseWrote() public {
        bytes32 keyId = addSecp256k1(8);
        vm.prank(owner);
        identity.transferFrom(owner, other, agentId);
        assertFalse(registry.isKeyActive(agentId, keyId));
        vm.prank(other);
        identity.transferFrom(other, owner, agentId);
        assertTrue(registry.isKeyActive(agentId, keyId));

        vm.prank(owner);
        identity.transferFrom(owner, other, agentId);
        vm.prank(other);
        registry.setActive(agentId, true);
        vm.prank(other);
        identity.transferFrom(other, owner, agentId);
        assertFalse(registry.isKeyActive(agentId, keyId));
        assertEq(listed().length, 0);
    }

    function test_EtherIsRefused() public {
        vm.deal(address(this), 1 ether);
        (bool sent,) = address(registry).call{value: 1}("");
        assertFalse(sent);
        (sent,) = address(registry).call{value: 1}(abi.encodeCall(registry.addKeys, (agentId, one(x25519(1)))));
        assertFalse(sent);
        (sent,) = address(identity).call{value: 1}(abi.encodeWithSignature("register()"));
        assertFalse(sent);
    }

    function test_TypeHashesAreThoseOfTheText() public view {
        assertEq(
            registry.KEY_PROOF_TYPEHASH(),
            keccak256("KeyProof(uint256 agentId,address owner,uint8 keyType,uint8 purposes,bytes publicKey)")
        );
        assertEq(registry.KEY_REVOCATION_TYPEHASH(), keccak256("KeyRevocation(uint256 agentId,bytes32 keyId)"));
        (, string memory name, string memory number, uint256 chainId, address contract_,,) = registry.eip712Domain();
        assertEq(name, "SageKeyRegistry");
        assertEq(number, "1");
        assertEq(chainId, block.chainid);
        assertEq(contract_, address(registry));
        assertEq(registry.AUTHENTICATION() | registry.ASSERTION() | registry.KEY_AGREEMENT(), 7);
        assertEq(address(registry.identity()), address(identity));
    }

    function refuseProof(SageKeyRegistry.NewKey memory key) private {
        vm.expectRevert(
            abi.encodeWithSelector(SageKeyRegistry.InvalidProof.selector, registry.keyIdOf(key.keyType, key.publicKey))
        );
        vm.prank(owner);
        registry.addKeys(agentId, one(key));
    }

    function assertOrder(bytes32 a, bytes32 b, bytes32 c) private view {
        SageKeyRegistry.Key[] memory keys = listed();
        assertEq(keys.length, 3);
        assertEq(keys[0].keyId, a);
        assertEq(keys[1].keyId, b);
        assertEq(keys[2].keyId, c);
    }
}
